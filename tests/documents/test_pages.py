from zhibiao.documents import read

TABLE = """<table><caption>单位：亿元</caption>
<tr><th rowspan="2">指标</th><th colspan="2">2020年</th></tr><tr><th>金额</th><th>增长%</th></tr>
<tr><td>税&nbsp;收<br>收入</td><td>4.5</td><td>3</td></tr></table>"""


def test_the_readable_part_is_found():
    page = f"""<html><head><title>工作报告_云溪县人民政府</title></head><body>
    <div class="nav"><ul><li><a href="/">首页</a></li><li><a href="/a">新闻</a></li></ul></div>
    <div class="main"><h1>云溪县工作报告</h1><div id="content"><p>{"全县税收4.5亿元，增长3%。" * 9}</p>
    <p style="display:none">隐藏</p></div></div>
    <div class="foot"><a>联系我们</a> 版权</div></body></html>"""
    document = read(page.encode("gb18030"), "a.html")
    assert document.text == "云溪县工作报告\n" + "全县税收4.5亿元，增长3%。" * 9
    assert document.title == "云溪县工作报告"
    assert document.encoding == "gb18030"


def test_no_sentence_or_table_of_a_page_is_taken_for_furniture():
    page = f"<body><div>{'长段落。' * 200}</div><div>短句增长5%。</div><div>{TABLE}</div></body>"
    document = read(page.encode(), "a.html")
    assert "短句增长5%。" in document.text
    assert len(document.tables) == 1


def test_blocks_breaks_lists_and_white_space():
    page = """<body><p>第一段
      接着<b>粗</b><br>第二行</p>散文<ol start="3"><li>甲</li><li>乙</li></ol><ul><li>丙</li></ul><pre>  原样
保留</pre></body>"""
    assert read(page.encode(), "a.html").text.splitlines() == [
        "第一段 接着粗",
        "第二行",
        "散文",
        "3. 甲",
        "4. 乙",
        "丙",
        "  原样",
        "保留",
    ]


def test_tables_have_spans_and_captions():
    document = read(f"<body><p>前</p>{TABLE}<p>后</p></body>".encode(), "a.html")
    assert document.text == "前\n单位：亿元\n指标\t2020年\t\n\t金额\t增长%\n税 收收入\t4.5\t3\n后"
    [table] = document.tables
    cells = {cell.address: cell for cell in table.cells}
    assert (cells["A1"].row_span, cells["B1"].column_span, cells["A1"].is_head) == (2, 2, True)
    assert document.text[cells["B3"].start : cells["B3"].end] == "4.5"


def test_layout_tables_are_paragraphs():
    page = f"<table><tr><td>标题。</td></tr><tr><td><p>正文</p>{TABLE}</td></tr></table>"
    document = read(f"<html><body>{page}</body></html>".encode())
    assert document.text.startswith("标题。\n正文\n单位：亿元\n指标\t2020年")
    assert len(document.tables) == 1


def test_spans_that_lie_are_clipped():
    page = "<table><tr><td rowspan=99999>甲</td><td>1</td></tr><tr><td colspan=x>2</td></tr></table>"
    [table] = read(f"<html>{page}</html>".encode()).tables
    assert (table.rows, table.cells[0].row_span) == (2, 2)


def test_a_page_named_txt_stays_as_it_is():
    page = "<html><body><p>增长5%</p></body></html>"
    assert read(page.encode(), "a.txt").text == page
    assert read(page.encode(), None).text == "增长5%"


def test_a_page_that_calls_itself_doc_or_xls_is_read_as_a_page():
    document = read(f"<html><body>{TABLE}</body></html>".encode("gbk"), "报表.xls")
    assert (document.kind, len(document.tables)) == ("html", 1)


def test_markdown():
    source = """# 云溪县**报告**

　　全县税收[4.5亿元](http://x)，增长`3%`。
下一行

1. 甲
2. 乙

| 指标 | 2020年 |
| --- | --- |
| 税收 | 4.5亿元 |

    四格缩进也是正文
"""
    document = read(source.encode(), "a.md")
    assert document.text.splitlines() == [
        "云溪县报告",
        "全县税收4.5亿元，增长3%。",
        "下一行",
        "1. 甲",
        "2. 乙",
        "指标\t2020年",
        "税收\t4.5亿元",
        "四格缩进也是正文",
    ]
    assert document.title == "云溪县报告"
    assert len(document.tables) == 1
