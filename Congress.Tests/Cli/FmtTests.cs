namespace Congress.Tests.Cli;

public sealed class FmtTests : IDisposable
{
    private const string Ugly = "// keep\np(x):-q(x)   ,!r(x)";
    private const string Pretty = "// keep\np(x) :- q(x), not r(x).\n";
    private readonly CommandSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public async Task The_canonical_form_is_printed_and_the_file_left_alone()
    {
        var result = await _sandbox.With("p.dl", Ugly).RunAsync("fmt", "p.dl");

        Assert.Equal((0, Pretty, ""), (result.ExitCode, result.Output, result.Error));
        Assert.Equal(Ugly, _sandbox.Read("p.dl"));
    }

    [Fact]
    public async Task Check_names_the_files_that_would_change()
    {
        var result = await _sandbox.With("ugly.dl", Ugly).With("pretty.dl", Pretty).RunAsync("fmt", "--check", "ugly.dl", "pretty.dl");

        Assert.Equal((1, "ugly.dl\n"), (result.ExitCode, result.Output));
        Assert.Equal(Ugly, _sandbox.Read("ugly.dl"));
        Assert.Equal(0, (await _sandbox.RunAsync("fmt", "--check", "pretty.dl")).ExitCode);
    }

    [Fact]
    public async Task Write_replaces_the_file_and_leaves_nothing_else()
    {
        var result = await _sandbox.With("p.dl", Ugly).RunAsync("fmt", "--write", "p.dl");

        Assert.Equal((0, "", ""), (result.ExitCode, result.Output, result.Error));
        Assert.Equal(Pretty, _sandbox.Read("p.dl"));
        Assert.Equal([_sandbox.PathOf("p.dl")], Directory.GetFiles(_sandbox.Folder), StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_text_with_errors_leaves_all_files_untouched()
    {
        var result = await _sandbox.With("ugly.dl", Ugly).With("wrong.dl", "p(").RunAsync("fmt", "--write", "ugly.dl", "wrong.dl");

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains("wrong.dl:1:3: error CGS0005", result.Error, StringComparison.Ordinal);
        Assert.Equal(Ugly, _sandbox.Read("ugly.dl"));
    }

    [Fact]
    public async Task A_file_that_is_not_utf_8_is_refused()
    {
        await File.WriteAllBytesAsync(_sandbox.PathOf("p.dl"), [(byte)'p', 0xFF]);

        var result = await _sandbox.RunAsync("fmt", "p.dl");

        Assert.Equal((2, "p.dl: error: the file is not UTF-8\n"), (result.ExitCode, result.Error));
    }
}
