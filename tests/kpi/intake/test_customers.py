import polars as pl

from kpi.intake.customers import digest, replace_customers, token

KEY = b"key"


def test_a_customer_is_a_keyed_digest_and_a_tail():
    frame = replace_customers(pl.DataFrame({"customer": ["13800001111", None, "7"]}), KEY)

    assert frame["customer"].to_list() == [digest("13800001111", KEY), None, digest("7", KEY)]
    assert frame["customer_tail"].to_list() == ["1111", None, "7"]
    assert len(digest("7", KEY)) == 32
    assert digest("7", KEY) != digest("7", b"other")


def test_a_kept_row_gives_the_same_digest():
    kept = pl.DataFrame({"customer": [token("13800001111", KEY)]})

    frame = replace_customers(kept, KEY, tokens=True)

    assert frame.rows() == [(digest("13800001111", KEY), "1111")]


def test_a_token_in_a_file_is_a_customer_like_any_other():
    forged = token("13800001111", KEY)

    frame = replace_customers(pl.DataFrame({"customer": [forged]}), KEY)

    assert frame["customer"][0] == digest(forged, KEY)
