"""YAML that people write: every fault names its line, and nothing is read that cannot be kept."""

from __future__ import annotations

from typing import Any

import yaml

_MERGE = "tag:yaml.org,2002:merge"
# What PyYAML lets through where a value is not what it looks like: a 13th month, !!int hello.
_NO_VALUE = (ValueError, LookupError, AttributeError, TypeError, OverflowError)


class Careful(yaml.constructor.SafeConstructor):
    """Mixed into a safe loader before it: refuses what such a loader trips over or swallows."""

    # The signatures are PyYAML's.
    def construct_object(
        self,
        node: yaml.Node,
        deep: bool = False,  # noqa: FBT001, FBT002
    ) -> Any:
        """Give what a node stands for.

        Raises:
            yaml.MarkedYAMLError: it is not what it looks like.
        """
        try:
            return super().construct_object(node, deep=deep)
        except _NO_VALUE as error:
            kind = node.tag.rpartition(":")[2]
            told = f"this is no {kind}: write it in quotes if it is meant as text"
            raise _wrong(told, node) from error

    def construct_scalar(self, node: yaml.ScalarNode | yaml.MappingNode) -> Any:
        """Give the text of a node.

        Raises:
            yaml.MarkedYAMLError: it has a character that cannot be stored.
        """
        text = super().construct_scalar(node)
        if isinstance(text, str) and any(one == "\0" or "\ud800" <= one < "\ue000" for one in text):
            raise _wrong("the text has a character that is not allowed: take it out", node)
        return text

    def construct_mapping(
        self,
        node: yaml.MappingNode,
        deep: bool = False,  # noqa: FBT001, FBT002
    ) -> dict[Any, Any]:
        """Give a mapping.

        Raises:
            yaml.MarkedYAMLError: a key stands there twice, so that one value would be lost.
        """
        written = [key for key, _value in node.value if key.tag != _MERGE]
        keys = [self.construct_object(key, deep=deep) for key in written]
        for at, key in enumerate(keys):
            if key in keys[:at]:
                raise _wrong(f"{key} stands there twice.", written[at])
        return super().construct_mapping(node, deep=deep)


def _wrong(problem: str, node: yaml.Node) -> yaml.MarkedYAMLError:
    return yaml.constructor.ConstructorError(None, None, problem, node.start_mark)
