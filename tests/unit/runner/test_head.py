"""Where tags go in a page's head: at its end, between two tags, and nowhere where that cannot be told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.head import MORE, NOWHERE, place

HERE = "@"
PAGES = [
    "<!doctype html><html><head><meta charset=utf-8><title>x</title>@</head><body>hello</body></html>",
    "<!DOCTYPE HTML>\n<HTML lang=en>\n<HEAD>\n <TITLE>a</TITLE>@\n</HEAD>",
    "\ufeff<html><head>@<body>",
    "<html><head>@</head>",
    "<!doctype html><title>no head tag</title>@<p>hello",
    '<!doctype html><html><head><meta content="a > b </head>">@\n</head>',
    "<html><head><!-- </head> --><style>a > b {}</style>@text",
    '<html><head><script src="/a.js"></script><script>var x = "</head>";</script>@</head>',
    "<html><head><link rel=stylesheet href=/a.css /><base href='/'/>@</head>",
    "<html><head><noscript><style>x</style></noscript>@<my-thing></my-thing>",
    "<html><head><title>a</title >@</head>",
    # What a browser reads otherwise than it looks ends the head for us, before it.
    '<html><head><title>x</title>@<script><!-- <script> </script> "</script>"; </script></head>',
    "<html><head>@<!-- a --!><script>'--><title></title>'</script></head>",
    "<html><head>@<!--><script>'--><title></title>'</script></head>",
    "<html><head><title>x</title>@<template><meta></template></head>",
]
NONE = [
    "",
    "hello",
    "<p>a fragment</p>",
    "<div><head></head></div>",
    "<!doctype html><p>hello",
    "<!doctype html>hello <head></head>",
    "<html><body><head></head>",
    "</head><head></head>",
    "<?xml version='1.0'?><html><head></head></html>",
]


@pytest.mark.parametrize("page", PAGES)
def test_the_place_is_the_end_of_the_head(page: str) -> None:
    before, _, after = page.partition(HERE)
    data = (before + after).encode()
    assert data[: place(data, over=True)].decode() == before


@pytest.mark.parametrize("page", NONE)
def test_where_there_is_no_head_there_is_no_place(page: str) -> None:
    assert place(page.encode(), over=True) == NOWHERE


@pytest.mark.parametrize("page", PAGES)
def test_more_never_changes_what_was_told(page: str) -> None:
    data = page.replace(HERE, "").encode() + b" and more"
    told = [where for end in range(len(data) + 1) if (where := place(data[:end], over=False)) != MORE]
    assert told, "it is told before the end"
    assert set(told) == {place(data, over=True)}


@pytest.mark.parametrize("page", ["hello", "<p>a", "<!doctype html><p>", "<html><body>"])
def test_what_is_no_page_waits_for_nothing(page: str) -> None:
    assert place(page.encode(), over=False) == NOWHERE


@given(st.text(alphabet="<>/!-\"'= \nhtmleadsciptbo@\x00&", max_size=200), st.booleans())
def test_any_bytes_have_a_place_within_them_or_none(text: str, over: bool) -> None:
    data = b"<html><head>" + text.encode()
    where = place(data, over=over)
    assert where in {MORE, NOWHERE} or len(b"<html><head>") <= where <= len(data)
    if over:
        assert where != MORE


@pytest.mark.parametrize("junk", [b"<meta a", b'<meta a="', b"<meta " + b"a=" * 100, b"<!-" * 50, b"<a" * 50])
def test_hostile_heads_take_no_time(junk: bytes) -> None:
    data = (b"<html><head>" + junk * 20_000)[:200_000]
    for _ in range(20):
        assert place(data, over=True) == len(b"<html><head>")
