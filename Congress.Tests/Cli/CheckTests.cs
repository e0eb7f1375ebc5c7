namespace Congress.Tests.Cli;

public sealed class CheckTests : IDisposable
{
    private const string Network = """
        @id("paused") @message("{vm} must not run")
        error(vm) :- nova:servers(id=vm, status="ACTIVE"), not approved(vm).

        """;

    private readonly CommandSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public async Task A_right_policy_is_no_news()
    {
        var result = await _sandbox.With("p.dl", "q(x) :- p(x). p(1).").RunAsync("check", "p.dl");

        Assert.Equal((0, "", ""), (result.ExitCode, result.Output, result.Error));
    }

    [Fact]
    public async Task A_wrong_policy_is_shown_with_its_line_a_caret_and_a_hint()
    {
        var result = await _sandbox.With("p.dl", "p(1).\n\tq(x, y) :- p(x).\n").RunAsync("check", "p.dl");

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Equal("""
            p.dl:2:7: error CGS0204: variable 'y' in the head is not bound by a positive literal of the body
                	q(x, y) :- p(x).
                	     ^
                hint: use it in the body, e.g. in p
            1 error

            """, result.Error, ignoreLineEndingDifferences: true);
    }

    [Fact]
    public async Task The_syntax_errors_of_all_files_are_listed()
    {
        var result = await _sandbox.With("a.dl", "p(").With("b.dl", "q(").RunAsync("check", "a.dl", "b.dl");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("a.dl:1:3: error CGS0005", result.Error, StringComparison.Ordinal);
        Assert.Contains("b.dl:1:3: error CGS0005", result.Error, StringComparison.Ordinal);
        Assert.EndsWith("2 errors\n", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rule_that_misuses_another_file_is_an_error()
    {
        var result = await _sandbox.With("a.dl", "q(x) :- b:p(x, 1, 2).").With("b.dl", "p(x) :- s(x). s(1).").RunAsync("check", "a=a.dl", "b=b.dl");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("a.dl:1:9: error CGS0104: b:p has 1 column, but 3 arguments are given", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Violations_are_listed_with_the_conditions_that_hold()
    {
        _sandbox.With("network.dl", Network).With("facts/nova/servers.csv", "id,status\nvm-1,ACTIVE\nvm-2,ACTIVE\n").With("facts/approved.facts", "vm-2\n");

        var result = await _sandbox.RunAsync("check", "network.dl", "--facts", "facts");

        Assert.Equal((1, ""), (result.ExitCode, result.Error));
        Assert.Equal("""
            error("vm-1")   // policy:2: vm-1 must not run
                nova:servers(id="vm-1", status="ACTIVE")
                not approved("vm-1")

            """, result.Output, ignoreLineEndingDifferences: true);
    }

    [Fact]
    public async Task Facts_that_keep_the_policy_have_exit_code_0()
    {
        _sandbox.With("network.dl", Network).With("facts/nova/servers.csv", "id,status\nvm-1,OFF\n").With("facts/approved.facts", "vm-2\n");

        var result = await _sandbox.RunAsync("check", "network.dl", "--facts", "facts");

        Assert.Equal((0, "", ""), (result.ExitCode, result.Output, result.Error));
    }

    [Fact]
    public async Task Json_lists_diagnostics_and_violations()
    {
        _sandbox.With("network.dl", Network).With("facts/nova/servers.csv", "id,status\nvm-1,ACTIVE\n").With("wrong.dl", "q(x) :- p(y).");

        var judged = await _sandbox.RunAsync("check", "network.dl", "--facts", "facts", "--json");
        var violation = Assert.Single(judged.Json.GetProperty("violations").EnumerateArray());
        Assert.Equal((1, ""), (judged.ExitCode, judged.Error));
        Assert.Equal("""["vm-1"]""", violation.GetProperty("row").GetRawText());
        Assert.Equal("vm-1 must not run", violation.GetProperty("message").GetString());
        Assert.Equal(2, violation.GetProperty("conditions").GetArrayLength());
        Assert.Equal("CGS0107", judged.Json.GetProperty("diagnostics")[0].GetProperty("id").GetString());

        var wrong = await _sandbox.RunAsync("check", "wrong.dl", "--json");
        Assert.Equal((2, ""), (wrong.ExitCode, wrong.Error));
        Assert.Equal(
            """{"id":"CGS0204","severity":"error","message":"variable 'x' in the head is not bound by a positive literal of the body","hint":"use it in the body, e.g. in p","file":"wrong.dl","line":1,"column":3}""",
            wrong.Json.GetProperty("diagnostics").EnumerateArray().Single(d => d.GetProperty("severity").GetString() == "error").GetRawText());
    }
}
