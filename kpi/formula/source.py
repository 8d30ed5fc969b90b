"""Read a formula's text into a syntax tree of bounded size that knows its places."""

import ast
import re
import warnings
from decimal import Decimal
from typing import Final

from kpi.formula.errors import FormulaError

MAX_LENGTH: Final = 2000
MAX_DEPTH: Final = 40
MAX_PARTS: Final = 600
_NUMBER: Final = re.compile(r"\d{1,18}(\.\d{1,12})?|\.\d{1,12}")

# What people write from other languages, named for the message.
_NAMES: Final[dict[type[ast.AST], str]] = {
    ast.Lambda: "lambda",
    ast.IfExp: "if ... else",
    ast.JoinedStr: "an f-string",
    ast.Subscript: "an index in square brackets",
    ast.Attribute: "a dotted name",
    ast.Call: "this call",
    ast.Dict: "a dictionary",
    ast.List: "a list",
    ast.Set: "a set",
    ast.Tuple: "a list of values",
    ast.ListComp: "a comprehension",
    ast.SetComp: "a comprehension",
    ast.DictComp: "a comprehension",
    ast.GeneratorExp: "a comprehension",
    ast.Await: "await",
    ast.Starred: "*",
    ast.NamedExpr: ":=",
    ast.Compare: "a comparison between measures",
    ast.BoolOp: "and / or between measures",
    ast.Pow: "**",
    ast.Mod: "%",
    ast.FloorDiv: "//",
    ast.MatMult: "@",
    ast.BitAnd: "& (write and)",
    ast.BitOr: "| (write or)",
    ast.BitXor: "^",
    ast.LShift: "<<",
    ast.RShift: ">>",
    ast.Invert: "~ (write not)",
    ast.Not: "not",
    ast.UAdd: "+ before a value",
    ast.Constant: "a value of this kind",
}


class Source:
    """A formula's text, which turns a node of its tree into a place in the text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tree = self._parse()

    def error(self, node: ast.AST, code: str, **params: str) -> FormulaError:
        """Build the error for the part of the text that ``node`` was read from."""
        start, end = self._span(node)
        return FormulaError(code, offset=start, length=end - start, params=params)

    def not_allowed(self, node: ast.AST, *, kind: ast.AST | None = None) -> FormulaError:
        what = _NAMES.get(type(kind or node), "this")
        return self.error(node, "not_allowed", what=what)

    def number(self, node: ast.Constant) -> int | Decimal:
        """Read a number exactly as it is written; a float never arises."""
        start, end = self._span(node)
        written = self.text[start:end]
        if not _NUMBER.fullmatch(written):
            raise self.error(node, "bad_number")
        return Decimal(written) if "." in written else int(written)

    def _parse(self) -> ast.expr:
        if not self.text.strip():
            raise self._whole("empty")
        if len(self.text) > MAX_LENGTH:
            raise self._whole("too_long", length=str(len(self.text)), limit=str(MAX_LENGTH))
        tree = self._tree()
        self._limit(tree)
        return tree

    def _tree(self) -> ast.expr:
        # One line, so that a column of the tree is an offset of the text.
        line = re.sub(r"[\n\r\t\f\v\u00a0]", " ", self.text)
        self._parsed(line.strip(), fallback="syntax")
        # The bracket in front lets a formula begin with spaces; a comment swallows the one
        # behind it.
        return self._parsed(f"({line})", fallback="comment")

    def _parsed(self, line: str, *, fallback: str) -> ast.expr:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return ast.parse(line, mode="eval").body
        except SyntaxError as error:
            if fallback == "comment":
                raise self._whole("comment") from error
            raise self._syntax_error(error) from error
        except (ValueError, RecursionError, MemoryError) as error:
            raise self._whole("syntax") from error

    def _syntax_error(self, error: SyntaxError) -> FormulaError:
        indent = len(self.text) - len(self.text.lstrip())
        offset = max(0, min((error.offset or 1) - 1 + indent, len(self.text) - 1))
        end = (error.end_offset or 0) - 1 + indent
        return FormulaError("syntax", offset=offset, length=end - offset, params={})

    def _limit(self, tree: ast.expr) -> None:
        parts, depth = 0, 0
        level: list[ast.expr | ast.keyword] = [tree]
        while level:
            depth += 1
            parts += len(level)
            if depth > MAX_DEPTH:
                raise self._whole("too_deep", limit=str(MAX_DEPTH))
            if parts > MAX_PARTS:
                raise self._whole("too_large", limit=str(MAX_PARTS))
            level = [
                child
                for node in level
                for child in ast.iter_child_nodes(node)
                if isinstance(child, ast.expr | ast.keyword)
            ]

    def _span(self, node: ast.AST) -> tuple[int, int]:
        """Give first and last+1 character; the tree counts bytes, people count characters."""
        if not isinstance(node, ast.expr | ast.keyword) or node.end_col_offset is None:
            return 0, len(self.text)
        data = ("(" + self.text).encode()
        start = len(data[: node.col_offset].decode(errors="ignore")) - 1
        end = len(data[: node.end_col_offset].decode(errors="ignore")) - 1
        return max(0, start), min(end, len(self.text))

    def _whole(self, code: str, **params: str) -> FormulaError:
        return FormulaError(code, offset=0, length=len(self.text), params=params)
