from appraisal.web import scheme_changes as changes


def document():
    return {
        "groups": [{"code": "a"}, {"code": "b"}],
        "items": [
            {"code": "one", "group": "a"},
            {"code": "two", "group": "b"},
            {"code": "three", "group": "a", "rating": "three"},
        ],
    }


def codes(document, key="items"):
    return [one["code"] for one in document[key]]


def test_item_moves_among_those_of_its_group():
    moved = changes.move(document(), "items", "three", step=-1)

    assert codes(moved) == ["three", "two", "one"]
    assert codes(changes.move(moved, "items", "three", step=-1)) == ["three", "two", "one"]


def test_group_moves_and_takes_its_items_along_when_it_goes():
    assert codes(changes.move(document(), "groups", "a", step=1), "groups") == ["b", "a"]
    assert codes(changes.remove(document(), "groups", "a")) == ["two"]


def test_item_that_is_removed_leaves_the_others():
    assert codes(changes.remove(document(), "items", "two")) == ["one", "three"]


def test_new_code_is_free_and_fit_to_be_one():
    renamed, code = changes.rename(document(), "items", "one", "Two")

    assert code == "two_2"
    assert codes(renamed) == ["two_2", "two", "three"]


def test_items_and_ratings_follow_the_code_of_what_they_belong_to():
    groups, _code = changes.rename(document(), "groups", "a", "quality")
    items, _code = changes.rename(document(), "items", "three", "teamwork")

    assert [one["group"] for one in groups["items"]] == ["quality", "b", "quality"]
    assert changes.find(items, "items", "teamwork")["rating"] == "teamwork"


def test_rated_item_has_a_rating_of_its_own_code():
    changed, code = changes.add_item(document(), group="b", kpi=None)

    item = changes.find(changed, "items", code)
    assert (item["rating"], item["rule"], item["group"]) == ("rating", {"type": "share"}, "b")


def test_document_that_is_no_document_has_no_entries():
    assert changes.entries({"items": "nonsense"}, "items") == []
    assert changes.entries({"items": [1, {"code": "a"}]}, "items") == [{"code": "a"}]
