using System.Diagnostics;

namespace Congress.Tests.Cli;

public sealed class CommandLineTests : IDisposable
{
    private readonly CommandSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("evl p.dl")]
    [InlineData("eval")]
    [InlineData("eval p.dl --kind circular")]
    [InlineData("eval p.dl --query p(x) --out o")]
    [InlineData("fmt p.dl --check --write")]
    [InlineData("graph p.dl --format png")]
    public async Task A_wrong_command_line_has_exit_code_2(string line)
    {
        var result = await _sandbox.With("p.dl", "p(1).").RunAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(2, result.ExitCode);
        Assert.Empty(result.Output);
        Assert.Contains("--help'", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_misspelt_verb_or_option_is_recognised()
    {
        Assert.Contains("did you mean eval?", (await _sandbox.RunAsync("evl")).Error, StringComparison.Ordinal);
        Assert.Contains("did you mean --count?", (await _sandbox.RunAsync("eval", "--cuont", "p.dl")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_shows_the_options_and_an_example_of_each_verb()
    {
        foreach (var verb in new[] { "check", "eval", "fmt", "graph", "plan", "simulate" })
        {
            var result = await _sandbox.RunAsync(verb, "--help");

            Assert.Equal(0, result.ExitCode);
            Assert.Contains($"Examples:\n  congress {verb} ", result.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_version_is_told()
    {
        var result = await _sandbox.RunAsync("--version");

        Assert.Equal(0, result.ExitCode);
        Assert.Matches(@"^\d+\.\d+\.\d+", result.Output);
    }

    [Theory]
    [InlineData("check")]
    [InlineData("eval")]
    [InlineData("fmt")]
    [InlineData("graph")]
    [InlineData("plan")]
    public async Task A_file_that_is_not_there_has_exit_code_2(string verb)
    {
        var result = await _sandbox.RunAsync(verb, "nowhere.dl");

        Assert.Equal((2, "", "nowhere.dl: error: there is no such file\n"), (result.ExitCode, result.Output, result.Error));
    }

    [Fact]
    public async Task Ctrl_c_ends_an_evaluation_with_exit_code_130()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        _sandbox.With("facts/a.facts", string.Join('\n', Enumerable.Range(0, 5000)))
            .With("endless.dl", "p(x) :- a(x), a(y), a(z), plus(x, y, s), plus(s, z, t), t < 0. p(x) :- later(x).");
        // The tests themselves may have been started where interrupts are ignored.
        using var process = _sandbox.Start(["env", "--default-signal=INT"], "eval", "endless.dl", "--facts", "facts");
        Assert.Contains("nothing defines later", await process.StandardError.ReadLineAsync(), StringComparison.Ordinal);

        using var kill = Process.Start("kill", ["-INT", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await process.WaitForExitAsync(new CancellationTokenSource(TimeSpan.FromMinutes(1)).Token);

        Assert.Equal(130, process.ExitCode);
    }
}
