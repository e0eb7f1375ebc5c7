namespace Congress.Tests.Cli;

public sealed class EvalTests : IDisposable
{
    private const string Paths = "path(x, y) :- edge(x, y). path(x, z) :- path(x, y), edge(y, z).";
    private readonly CommandSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public async Task Derived_tables_are_printed_as_sorted_facts()
    {
        var result = await _sandbox.With("p.dl", "q(x, y) :- p(y, x). p(10, \"b\"). p(9, \"a\\n\"). p(true, \"a\\n\"). a() :- q(x, 9).").RunAsync("eval", "p.dl");

        Assert.Equal((0, "a()\nq(\"a\\n\", true)\nq(\"a\\n\", 9)\nq(\"b\", 10)\n", ""), (result.ExitCode, result.Output, result.Error));
    }

    [Fact]
    public async Task Counts_and_checksums_are_those_of_the_plain_text_of_the_rows()
    {
        _sandbox.With("paths.dl", Paths).With("facts/edge.facts", "1\t2\n2\t3\n");

        var result = await _sandbox.RunAsync("eval", "paths.dl", "--facts", "facts", "--kind", "recursive", "--count", "--checksum");

        // Python: sum(zlib.crc32(b) for b in (b"1\t2", b"2\t3", b"1\t3"))
        Assert.Equal("path\t3\t9390291993\n", result.Output);
        Assert.Equal("path\t3\n", (await _sandbox.RunAsync("eval", "paths.dl", "--facts", "facts", "--kind", "recursive", "--count")).Output);
    }

    [Fact]
    public async Task Checksums_are_of_utf_8_and_reach_beyond_eight_bytes()
    {
        var result = await _sandbox.With("p.dl", "q(x, y, z) :- p(x, y, z). p(\"Grüße, 世界 😀\", -1.5, null).").RunAsync("eval", "p.dl", "--checksum");

        // Python: zlib.crc32("Grüße, 世界 😀\t-1.5\tnull".encode())
        Assert.Equal("q\t1\t1955641130\n", result.Output);
    }

    [Fact]
    public async Task Columns_that_a_file_names_can_be_used_in_rules()
    {
        _sandbox.With("p.dl", "on(x) :- nova:servers(status=\"ACTIVE\", id=x). owns(o, d) :- disks(owner=o, id=d).")
            .With("facts/nova/servers.csv", "id,status\nvm-1,ACTIVE\nvm-2,OFF\n")
            .With("facts/nova/servers.jsonl", """{"status": "ACTIVE", "id": "vm-3"}""")
            .With("facts/disks.json", """[{"id": 1, "owner": "ann", "size": 2}, {"id": 2, "owner": "bob"}]""");

        var result = await _sandbox.RunAsync("eval", "p.dl", "--facts", "facts");

        Assert.Equal((0, "on(\"vm-1\")\non(\"vm-3\")\nowns(\"ann\", 1)\nowns(\"bob\", 2)\n", ""), (result.ExitCode, result.Output, result.Error));
    }

    [Fact]
    public async Task A_row_that_misfits_its_declaration_is_an_error_with_file_and_line()
    {
        _sandbox.With("p.dl", "declare t(id:text, n:int). q(x) :- t(x, 1).").With("facts/t.facts", "007\t1\n008\tone\n");

        var result = await _sandbox.RunAsync("eval", "p.dl", "--facts", "facts");

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.StartsWith("""
            facts/t.facts:2:5: error CGS0109: column 'n' takes an integer, found "one"
                008	one
                   	^

            """, result.Error.ReplaceLineEndings(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_row_that_fits_its_file_but_not_its_table_names_the_file()
    {
        _sandbox.With("p.dl", "q(x) :- t(x, y).").With("facts/t.facts", "1\t2\n").With("facts/t.tsv", "1\t2\t3\n");

        var result = await _sandbox.RunAsync("eval", "p.dl", "--facts", "facts");

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.StartsWith("facts/t.tsv: error CGS0104: a row of policy:t has 2 columns, not 3\n", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Declared_columns_keep_texts_that_look_like_numbers()
    {
        _sandbox.With("p.dl", "declare t(id:text, n:int). q(x) :- t(x, 1).").With("facts/t.facts", "007\t1\n");

        Assert.Equal("q(\"007\")\n", (await _sandbox.RunAsync("eval", "p.dl", "--facts", "facts")).Output);
    }

    [Fact]
    public async Task A_rule_that_does_not_fit_the_width_of_a_file_is_shown()
    {
        var result = await _sandbox.With("p.dl", "q(x) :- edge(x, y, z).").With("facts/edge.tsv", "1\t2\n").RunAsync("eval", "p.dl", "--facts", "facts");

        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith("p.dl:1:9: error CGS0104: edge has 2 columns, but 3 arguments are given\n", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_of_several_policies_refer_to_each_other_in_any_order()
    {
        _sandbox.With("a.dl", "ok(x) :- b:good(x, y), b:named(n=x).").With("b.dl", "good(x, y) :- s(x, y). s(1, 2). declare named(m, n). named(0, 1).");
        foreach (var order in new string[][] { ["a=a.dl", "b=b.dl"], ["b=b.dl", "a=a.dl"] })
        {
            var result = await _sandbox.RunAsync(["eval", .. order, "--count"]);

            Assert.Equal((0, "a:ok\t1\nb:good\t1\n", ""), (result.ExitCode, result.Output, result.Error));
        }
    }

    [Fact]
    public async Task Several_files_without_a_name_are_one_policy()
    {
        _sandbox.With("a.dl", "q(x) :- p(x).").With("b.dl", "p(x) :- s(x). s(1).");

        Assert.Equal("p(1)\nq(1)\n", (await _sandbox.RunAsync("eval", "a.dl", "b.dl")).Output);
    }

    [Fact]
    public async Task A_query_prints_its_rows_alone()
    {
        _sandbox.With("paths.dl", Paths + " edge(1, 2). edge(2, 3).");
        Task<CommandResult> Query(params string[] rest) => _sandbox.RunAsync(["eval", "paths.dl", "--kind", "recursive", "--query", .. rest]);

        Assert.Equal("path(1, 2)\npath(1, 3)\n", (await Query("path(1, x)")).Output);
        Assert.Equal("2\n", (await Query("path(1, x)", "--count")).Output);
        Assert.Equal("""{"columns":["1","x"],"rows":[[1,2],[1,3]]}""" + "\n", (await Query("path(1, x)", "--json")).Output);
        Assert.Equal("end(3)\n", (await Query("end(x) :- path(1, x), not edge(x, x), x > 2")).Output);

        var wrong = await Query("path(1)");
        Assert.Equal((2, ""), (wrong.ExitCode, wrong.Output));
        Assert.Contains("query:1:1: error CGS0104", wrong.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_has_the_columns_and_rows_of_each_table()
    {
        _sandbox.With("p.dl", "declare q(name, n). q(x, y) :- p(x, y). p(\"é\", 1.0). p(null, true). p(\"<\", -3).");

        var tables = (await _sandbox.RunAsync("eval", "p.dl", "--json")).Json.GetProperty("tables");

        Assert.Equal("""{"columns":["name","n"],"rows":[[null,true],["<",-3],["é",1.0]]}""", tables.GetProperty("q").GetRawText());
        var counts = (await _sandbox.RunAsync("eval", "p.dl", "--json", "--count")).Json;
        Assert.Equal("""{"tables":{"q":{"count":3}}}""", counts.GetRawText());
    }

    [Fact]
    public async Task Out_writes_facts_files_that_are_read_back()
    {
        _sandbox.With("a.dl", Paths + " execute[nova:pause(x)] :- path(x, x).").With("b.dl", "deep(x) :- s(x). s(\"a b\").").With("facts/edge.facts", "1\t2\n2\t3\n");

        var result = await _sandbox.RunAsync("eval", "a.dl", "b=b.dl", "--facts", "facts", "--kind", "recursive", "--out", "out");

        Assert.Equal((0, ""), (result.ExitCode, result.Output));
        Assert.Contains("warning: the rows of policy:execute[nova:pause] are not written", result.Error, StringComparison.Ordinal);
        Assert.Equal("1\t2\n2\t3\n1\t3\n", _sandbox.Read("out/path.facts"));
        Assert.Equal("a b\n", _sandbox.Read("out/b/deep.facts"));
    }

    [Fact]
    public async Task Timings_go_to_standard_error()
    {
        _sandbox.With("paths.dl", Paths).With("facts/edge.facts", "1\t2\n2\t3\n");

        var result = await _sandbox.RunAsync("eval", "paths.dl", "--facts", "facts", "--kind", "recursive", "--count", "--timings");

        Assert.Equal("path\t3\n", result.Output);
        Assert.Matches(@"^parse +[\d.]+ ms\nload +[\d.]+ ms +2 rows\nevaluate +[\d.]+ ms +3 rows\nprint +[\d.]+ ms\n$", result.Error);
    }

    [Fact]
    public async Task Warnings_do_not_change_the_exit_code()
    {
        var result = await _sandbox.With("p.dl", "q(x) :- nova:servers(id=x). r(x) :- s(x).").RunAsync("eval", "p.dl");

        Assert.Equal((0, ""), (result.ExitCode, result.Output));
        Assert.Contains("p.dl:1:9: warning CGS0106: there is no policy or datasource nova yet; until then the rule is left out", result.Error, StringComparison.Ordinal);
        Assert.Contains("p.dl:1:37: warning CGS0107: nothing defines s yet", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rule_that_is_left_out_is_never_silent()
    {
        var result = await _sandbox.With("p.dl", "q(x) :- nova:servers(id=x).").With("facts/nova/ports.csv", "id\n1\n").RunAsync("eval", "p.dl", "--facts", "facts");

        Assert.Contains("the rule is left out, as it names columns of nova that are not known", result.Error, StringComparison.Ordinal);
    }
}
