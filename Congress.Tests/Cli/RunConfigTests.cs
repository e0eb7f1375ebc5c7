namespace Congress.Tests.Cli;

/// <summary>What a configuration that makes no sense is answered with: one line, exit code 2, and nothing has been made.</summary>
public sealed class RunConfigTests : IDisposable
{
    private readonly CommandSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Theory]
    [InlineData("{", "no JSON")]
    [InlineData("[]", "is no object")]
    [InlineData("""{"nodes": "a"}""", "'nodes' is not known; expected node, state")]
    [InlineData("""{"node": "a", "node": "b"}""", "'node' is there twice")]
    [InlineData("""{"node": 1}""", "'node' is no text")]
    [InlineData("""{"services": ["api", "web"]}""", "'services' has 'web'; expected some of api, policy-engine, datasources")]
    [InlineData("""{"api": {"listen": "here"}}""", "'api.listen' is 'here'; expected an address and a port")]
    [InlineData("""{"api": {"listen": "0.0.0.0:1789"}}""", "and there are no tokens; expected a loopback address, or tokens")]
    [InlineData("""{"api": {"timeout_seconds": 0}}""", "'api.timeout_seconds' is 0; expected a number from 0.1 to 3600")]
    [InlineData("""{"api": {"tokens": [{"role": "king", "sha256": "00"}]}}""", "'api.tokens[0].sha256' is no hash")]
    [InlineData("""{"bus": {"engine": "fast"}}""", "'bus.engine' is 'fast'; expected managed or package")]
    [InlineData("""{"bus": {"peers": {"b": 1}}}""", "'bus.peers.b' is no text")]
    [InlineData("""{"bus": {"tls": {"key": "k", "pins": {}}}}""", "'bus.tls.certificate' is missing; expected a PEM file")]
    [InlineData("""{"bus": {"tls": {"certificate": "c", "key": "k"}}}""", "'bus.tls.pins' is missing; expected an object with the fingerprints of the peers' keys")]
    [InlineData("""{"bus": {"tls": {"certificate": "c", "key": "k", "pins": {"00": {"node": "a b"}}}}}""", "'bus.tls.pins.00.node' is 'a b'; expected the name of the peer")]
    [InlineData("""{"bus": {"tls": {"certificate": "c", "key": "k", "pins": {}}}}""", "'bus.tls.certificate' and 'key' cannot be read from c and k: ")]
    [InlineData("""{"bus": {"tls": {"certificate": "congress.json", "key": "congress.json", "pins": {}}}}""", "cannot be read from congress.json and congress.json: ")]
    [InlineData("""{"enforcement": {"mode": "yes"}}""", "'enforcement.mode' is 'yes'; expected off, dry-run, approval or enforce")]
    [InlineData("""{"services": ["policy-engine"]}""", "needs a folder for its state")]
    public async Task A_wrong_configuration_is_refused(string config, string message)
    {
        var run = await _sandbox.With("congress.json", config).RunAsync("run", "congress.json");
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.Equal([_sandbox.PathOf("congress.json")], Directory.EnumerateFileSystemEntries(_sandbox.Folder));
    }

    [Fact]
    public async Task A_configuration_that_is_not_there_is_refused()
    {
        var run = await _sandbox.RunAsync("run", "none.json");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("it cannot be read", run.Error, StringComparison.Ordinal);
    }
}
