using System.Security.Cryptography.X509Certificates;
using Congress.Bus;
using Congress.Bus.Protocol;
using Congress.Transport.NetMQ;

namespace Congress.Tests.Transports;

/// <summary>What is wrong in the options is said before anything is opened.</summary>
public sealed class TransportOptionsTests
{
    [Theory]
    [InlineData("127.0.0.1:7000", "Listen: '127.0.0.1:7000' is no endpoint; expected tcp://ADDRESS:PORT, tls://ADDRESS:PORT or unix:///PATH")]
    [InlineData("tcp://127.0.0.1", "Listen: 'tcp://127.0.0.1' is no endpoint; expected tcp://ADDRESS:PORT, tls://ADDRESS:PORT or unix:///PATH")]
    [InlineData("tcp://::1:70", "Listen: 'tcp://::1:70' is no endpoint; expected tcp://ADDRESS:PORT, tls://ADDRESS:PORT or unix:///PATH")]
    [InlineData("tcp://127.0.0.1:70000", "Listen: 'tcp://127.0.0.1:70000' is no endpoint; expected tcp://ADDRESS:PORT, tls://ADDRESS:PORT or unix:///PATH")]
    [InlineData("tcp://host.example:7000", "Listen: 'tcp://host.example:7000' cannot be listened at; expected an address of this machine, localhost or *")]
    [InlineData("unix://relative", "Listen: 'unix://relative' is no endpoint; expected unix:// and an absolute path of at most 107 bytes")]
    [InlineData("tcp://*:7000", "Listen: tcp://*:7000 would leave this machine in plain text; expected tls://, a loopback address, or AllowPlaintext")]
    [InlineData("tcp://10.0.0.1:0", "Listen: tcp://10.0.0.1:0 would leave this machine in plain text; expected tls://, a loopback address, or AllowPlaintext")]
    [InlineData("tls://127.0.0.1:0", "Listen: tls://127.0.0.1:0 needs keys; expected Tls to be set")]
    public void A_wrong_endpoint_to_listen_at_is_refused(string listen, string message)
    {
        var error = Assert.Throws<ArgumentException>(() => new NetMQTransport(new() { Listen = listen }));
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("b", "tcp://127.0.0.1:0", "the peer 'b': 'tcp://127.0.0.1:0' cannot be dialled; expected a host and a port above 0")]
    [InlineData("b", "tcp://*:1", "the peer 'b': 'tcp://*:1' cannot be dialled; expected a host and a port above 0")]
    [InlineData("b", "tcp://host.example:7000", "the peer 'b': tcp://host.example:7000 would leave this machine in plain text")]
    [InlineData("b", "tcp://127.0.0.1.example:7000", "the peer 'b': tcp://127.0.0.1.example:7000 would leave this machine in plain text")]
    [InlineData("b c", "tcp://127.0.0.1:1", "the peer 'b c' cannot be the name of a node; expected 1 to 128 letters, digits, '.', '_' or '-'")]
    public void A_wrong_peer_is_refused(string name, string endpoint, string message)
    {
        var error = Assert.Throws<ArgumentException>(() => new NetMQTransport(new() { Peers = new Dictionary<string, string>(StringComparer.Ordinal) { [name] = endpoint } }));
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tcp://localhost:0")]
    [InlineData("tcp://[::1]:0")]
    [InlineData("tcp://127.9.8.7:7000")]
    public void Loopback_needs_no_leave(string listen) => Assert.Null(new NetMQTransport(new() { Listen = listen }).Endpoint);

    [Fact]
    public void Plain_text_to_other_machines_must_be_allowed_aloud() =>
        Assert.NotNull(new NetMQTransport(new() { Listen = "tcp://*:7000", Peers = new Dictionary<string, string>(StringComparer.Ordinal) { ["b"] = "tcp://b.example:1" }, AllowPlaintext = true }));

    [Fact]
    public void A_queue_holds_at_least_a_frame()
    {
        Assert.Throws<ArgumentException>(() => new NetMQTransport(new() { QueueLength = 0 }));
        Assert.Throws<ArgumentException>(() => new NetMQTransport(new() { QueueBytes = 0 }));
    }

    [Fact]
    public void Keys_need_a_private_one_and_fingerprints()
    {
        using var bare = X509CertificateLoader.LoadCertificate(SocketMesh.CertificateOf("a").RawData);
        var pins = new Dictionary<string, PinnedPeer>(StringComparer.Ordinal);
        Assert.Contains("no private key", Assert.Throws<ArgumentException>(() => new TlsKeys(bare, pins)).Message, StringComparison.Ordinal);
        pins["beef"] = new(new("b"), PeerRole.Unrestricted);
        Assert.StartsWith("the pin of b is 'beef'; expected the SHA-256 of its public key as 64 hexadecimal digits",
            Assert.Throws<ArgumentException>(() => new TlsKeys(SocketMesh.CertificateOf("a"), pins)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SocketEngine.Managed)]
    [InlineData(SocketEngine.Package)]
    public async Task A_port_that_is_taken_is_an_error_of_the_start(SocketEngine engine)
    {
        var node = new RecordingNode("b", 1);
        await using var first = new NetMQTransport(new() { Listen = "tcp://127.0.0.1:0", Engine = engine });
        await first.StartAsync(node.Identity, node);
        await using var second = new NetMQTransport(new() { Listen = first.Endpoint, Engine = engine });
        var error = await Assert.ThrowsAsync<IOException>(async () => await second.StartAsync(node.Identity, node));
        Assert.StartsWith($"cannot listen at {first.Endpoint}: ", error.Message, StringComparison.Ordinal);
    }
}
