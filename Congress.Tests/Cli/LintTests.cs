namespace Congress.Tests.Cli;

/// <summary>What is permitted and probably not meant, on the command line.</summary>
public sealed class LintTests : IDisposable
{
    private readonly CommandSandbox _sandbox = new CommandSandbox().With("network.dl", "@severity(error)\nerror(vm) :- port(vm, nte).\n");

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public async Task Findings_are_shown_as_the_documentation_does_and_judged()
    {
        var result = await _sandbox.RunAsync("lint", "network.dl");

        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.Contains($"$ congress lint network.dl\n{result.Error.TrimEnd('\n')}\n```", Repository.Read("docs/cli.md").ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_lists_the_findings_and_a_policy_without_any_is_fine()
    {
        Assert.Contains("\"CGS0703\"", (await _sandbox.RunAsync("lint", "network.dl", "--json")).Output, StringComparison.Ordinal);
        _sandbox.With("fine.dl", "@severity(error)\nerror(vm) :- port(vm, _).\n");
        var fine = await _sandbox.RunAsync("lint", "fine.dl");
        Assert.Equal((0, "", ""), (fine.ExitCode, fine.Output, fine.Error));
    }

    [Fact]
    public async Task A_wrong_policy_is_refused()
    {
        _sandbox.With("wrong.dl", "error(x) :- ");
        Assert.Equal(2, (await _sandbox.RunAsync("lint", "wrong.dl")).ExitCode);
    }
}
