"""Pages such as nobody should write and somebody will: mixtures of what Markdown and HTML have."""

from random import Random

_WORDS = """\
登入¦重設 密碼¦VPN¦WebDAV 位址¦a¦3.10¦https://e.invalid/a?b=c&d¦a@e.invalid¦&amp;¦&#x0;¦&#99999999;¦
&nosuch;¦&¦<¦>¦"¦'¦\\¦\\`¦`¦``¦*¦**粗**¦_斜_¦__¦~~刪~~¦^^加^^¦==亮==¦$x^2$¦$¦$$¦:smile:¦
:material-home:¦{{ a }}¦{% b %}¦{# c #}¦{{¦%}¦{#¦{: #d }¦{ .e }¦{: f=g h}¦{#登入}¦{}¦[a](b.md)¦
[a](#登入)¦[a]()¦[a](<b c.md>)¦[a](../../x.md)¦[a](//h)¦[a](?b)¦[a](http://[)¦
[a](http://[::1/x)¦[a](%zz)¦[a](%00)¦[a](javascript:b)¦[a](b.md#%ff)¦[a](\u3000)¦
[a](page-1.md#登入)¦[a](page-1.md?x#y)¦[a](/b)¦[a](mailto:)¦[a](\\)¦[a](b¦[a][b]¦[a][]¦[a]¦
![a](b.png)¦![](¦![a](http://[)¦![a](<>)¦[![a](b)](c)¦[^1]¦[^二]¦[^]¦^[a]¦*[VPN]: 網¦HTML¦
++ctrl+alt+del++¦++a¦{++b++}¦{--c--}¦<https://e.invalid>¦<a@e.invalid>¦<tenant id>¦
`https://cloud/<tenant id>/`¦<id>¦</id>¦<p id>¦<p id=''>¦<p id=a id=b>¦<a name>¦
<a id name=c href>¦<a href='http://['>x</a>¦<img src>¦<img>¦<img src='%zz' alt>¦<br/ >¦
<p =a>¦<p a='b>¦<p a="b¦<a href="¦</¦<!--¦-->¦<!-- a -->¦<!¦<?¦<?php¦?>¦<![CDATA[¦]]>¦<![a¦
<!DOCTYPE¦<!->¦<script>¦</script>¦<style>¦<textarea>¦<svg>¦</svg>¦<math>¦<noscript>¦<title>¦
<h1>¦<h1 id>¦</h1>¦<h2 id=登入>登入</h2>¦<h2 id="a&quot;b">¦</h2>¦<H3 ID=a>b</H3>¦<div markdown>¦
<div markdown='1'>¦</div>¦<details>¦</details>¦<summary>¦<table>¦<td>¦<li>¦<body>¦</body>¦
<html>¦<head>¦<form>¦<label for>¦<input name>¦\u0000¦\u0001¦\u0002¦\u0003¦\u001a¦\u007f¦
\u0085¦\u2028¦\u200b¦\ufeff¦\u0002stx\u0003¦\u0002wzxhzdk:0\u0003¦\u0002klzzwxh:0001\u0003¦
\u0002amp\u0003¦STX¦\u000b¦\u202e¦\U0001f600¦\U00020000\U00020bb7¦ȩ́¦가¦\uff76\uff9e¦\u0130¦
ß¦\ufffe¦\U0010ffff¦\t¦    ¦  ¦\u3000¦--8<-- "a"¦[TOC]¦[[a]]¦(c)¦...¦--¦1/2¦-->¦
"""
_OPENINGS = """\
# ¦## ¦### ¦###### ¦####### ¦#¦##登入¦    ¦        ¦\t¦- ¦* ¦+ ¦1. ¦9. ¦0) ¦- [ ] ¦- [x] ¦> ¦>¦
> > ¦> - ¦:   ¦: ¦!!! note\n    ¦!!! note "¦!!! ¦??? note\n    ¦???+ ¦=== "甲"\n\n    ¦=== ¦
===¦```¦```\n¦```python\n¦``` {.py #id hl_lines=1}\n¦``` { }\n¦~~~\n¦````¦    ```\n¦
/// note\n¦/// details | a\n¦///¦/// tab | 甲\n¦/// html | div\n¦/// caption\n¦[^1]: ¦[^二]: ¦
[b]: ¦[b]: <c> 'd¦[b]:¦*[VPN]: ¦*[]: ¦---\n¦***\n¦===\n¦| ¦|¦|---|\n¦
| a | b |\n|---|---|\n| ¦a | b\n--|--\n¦|:-:|\n| ¦|\n|-|\n¦<div>\n¦<pre>¦<pre><code>¦</pre>¦
<h1>¦<table><tr><td>¦<p id>¦<details open>\n¦
"""
_FRONT = """\
title: 標題¦title: {a: b}¦title: [1, 2]¦title:¦title: 3¦title: 2026-01-01¦title: "a\\u0000b"¦
title: a: b¦title: "\\ud800"¦2026-01-01: a¦title: {2026-01-01: a}¦icon: 3¦
icon: material/home¦order: 1¦order: 第一¦order: .nan¦order: 99999999999999999999999¦order: [1]¦
order: true¦order: 1e999¦environment: {software: {server.version: 3.10}}¦environment: 3¦
environment: [a]¦environment: {software: 3}¦environment: {software: {a: [1]}}¦
environment: {a: {b: c}}¦environment:¦environment: {1: {2: 3}}¦keywords: [登入, 3]¦
keywords: 登入¦keywords: {a: b}¦keywords: [[a]]¦keywords: [null]¦keywords: 3¦
related: [page-1.md, 3, null]¦related: page-1.md¦related: {a: b}¦related: [[a]]¦related: 3¦
related: ['']¦product: nextcloud¦product: 3¦hide: toc¦hide: [toc]¦hide: 3¦status: new¦
icon: a¦template: main.html¦search: {boost: 2}¦search: {exclude: true}¦search: 3¦search:¦
tags: 3¦tags: [a]¦description: 3¦subtitle: [a]¦redirect_from: [old.md]¦redirect_from: 3¦
redirect_from: [3, '', null, '../x', '/']¦redirect_from: {a: b}¦aliases: [a]¦
moved_from: [a.md]¦lang: en¦language: 3¦translation_of: page-1.md¦translation_of: 3¦1: 2¦
symptoms: [a]¦symptoms: 3¦date: 2026-13-99¦a: !!python/name:os.system¦a: &b [*b]¦a: *c¦<<: 3¦
- a¦'¦{a¦"¦a: ¦b¦? [a]¦%¦@a¦\t¦title: \U0001f600¦title: <b>¦title: "]]>"¦author: a¦
authors: 3¦canonical: 3¦
"""


def _parts(text: str) -> list[str]:
    return text.replace("¦\n", "¦").removesuffix("¦").split("¦")


WORDS, FRONT = _parts(_WORDS), _parts(_FRONT)
OPENINGS = [*_parts(_OPENINGS), *([""] * 20)]
DEEP = ("> ", "- ", "<div>", "[", "*", "_(", "    ", "`", "<b>", "!!! a\n    ", "a", "|")
ENDS = ("", "", " |", "```", "\n```", "\n///", " {#a}", "</h1>")


def odd_page(random: Random) -> str:
    """Return a page's text."""
    lines = [_line(random) for _ in range(random.randint(0, 14))]
    body = "".join(f"{line}{random.choice((chr(10), chr(10), chr(10) * 2))}" for line in lines)
    if random.random() < 0.03:
        body += _deep(random)
    if random.random() < 0.3:
        body = _front(random) + body
    return body


def _line(random: Random) -> str:
    opening = random.choice(OPENINGS) + (random.choice(OPENINGS) if random.random() < 0.2 else "")
    blank = random.choice(("", " ", " ", "\n", "\n    "))
    words = blank.join(random.choice(WORDS) for _ in range(random.randint(0, 5)))
    return opening + words + random.choice(ENDS)


def _deep(random: Random) -> str:
    """Return one thing within itself many times, or one very long line."""
    what = random.choice(DEEP)
    times = random.choice((20, 60, 300))
    return f"{what * times}登入\n"


def _front(random: Random) -> str:
    lines = [random.choice(FRONT) for _ in range(random.randint(0, 4))]
    ends = random.choice(("---", "---", "---", "...", "--- ", "----", ""))
    return "---\n" + "".join(f"{line}\n" for line in lines) + f"{ends}\n"
