using Congress.Bus;
using Congress.Bus.Protocol;
using Congress.Transport.NetMQ;

namespace Congress.Tests.Transports;

/// <summary>Over TLS a peer is who holds the key that was pinned for it, and may do what was pinned with it.</summary>
public sealed class TlsTests
{
    private static readonly PeerRole Reader = new([], ["clock"], ["*"]);

    [Fact]
    public async Task A_link_has_the_role_of_the_key()
    {
        await using var b = await PairEnd.ListenAsync("b", new(SocketMesh.CertificateOf("b"), Pin("a", "a", Reader)));
        await using var a = await PairEnd.DialAsync("a", SocketMesh.KeysOf("a", "b"), b);
        var link = await b.Node.LinkWithAsync("a");
        Assert.Equal(Reader, link.Role);
        Assert.True((await a.Node.LinkWithAsync("b")).TrySend(new Probe(new byte[9])));
        await b.Node.UntilAsync(() => b.Node.FramesOf("a").Count == 1, "a frame");
    }

    [Theory]
    [InlineData("a key that the listener does not know")]
    [InlineData("a key that the dialler does not know")]
    [InlineData("a key of another node at the listener")]
    [InlineData("a key of another node at the dialler")]
    public async Task There_is_no_link_with(string wrong)
    {
        var atB = wrong.EndsWith("the listener does not know", StringComparison.Ordinal) ? Pin("c", "a", Reader)
            : wrong.EndsWith("node at the listener", StringComparison.Ordinal) ? Pin("a", "aa", Reader) : Pin("a", "a", Reader);
        var atA = wrong.EndsWith("the dialler does not know", StringComparison.Ordinal) ? Pin("c", "b", Reader)
            : wrong.EndsWith("node at the dialler", StringComparison.Ordinal) ? Pin("b", "c", Reader) : Pin("b", "b", Reader);
        await using var b = await PairEnd.ListenAsync("b", new(SocketMesh.CertificateOf("b"), atB));
        await using var a = await PairEnd.DialAsync("a", new(SocketMesh.CertificateOf("a"), atA), b);
        await a.Node.UntilAsync(() => a.Transport.Events.FaultCount + b.Transport.Events.FaultCount >= 2, "two attempts");
        Assert.Empty(a.Node.Links);
        Assert.DoesNotContain(b.Node.Links, l => l.TrySend(new Probe(new byte[1])) && wrong.EndsWith("the listener", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_key_that_is_withdrawn_ends_its_link_and_one_that_is_added_begins_one()
    {
        await using var c = await PairEnd.ListenAsync("c", SocketMesh.KeysOf("c", "a", "b"));
        await using var a = await PairEnd.DialAsync("a", SocketMesh.KeysOf("a", "c"), c);
        await using var b = await PairEnd.DialAsync("b", SocketMesh.KeysOf("b", "c"), c);
        await c.Node.LinkWithAsync("a");
        await c.Node.LinkWithAsync("b");

        c.Transport.Reload(SocketMesh.KeysOf("c", "b"));
        await c.Node.UntilAsync(() => c.Node.Downs.Count == 1, "the end of the link with a");
        await a.Node.UntilAsync(() => a.Node.Downs.Count >= 1, "the end of the link with c");
        Assert.Equal(("a", "the key of the peer was withdrawn"), (c.Node.Downs[0].Link.Peer.Id.Value, c.Node.Downs[0].Reason));
        await c.Node.UntilAsync(() => c.Transport.Events.FaultCount > 0, "a refused key");
        Assert.Empty(b.Node.Downs);

        c.Transport.Reload(SocketMesh.KeysOf("c", "a", "b"));
        await c.Node.LinkWithAsync("a");
        Assert.Empty(b.Node.Downs);
    }

    [Fact]
    public async Task Other_rights_begin_with_another_link()
    {
        await using var b = await PairEnd.ListenAsync("b", SocketMesh.KeysOf("b", "a"));
        await using var a = await PairEnd.DialAsync("a", SocketMesh.KeysOf("a", "b"), b);
        Assert.True((await b.Node.LinkWithAsync("a")).Role.MayPublish("x"));
        b.Transport.Reload(new(SocketMesh.CertificateOf("b"), Pin("a", "a", Reader)));
        await b.Node.UntilAsync(() => b.Node.Downs.Count == 1 && b.Node.Links.Count == 1, "the next link");
        Assert.False(b.Node.Links[0].Role.MayPublish("x"));
    }

    [Fact]
    public async Task A_node_without_a_key_gets_nowhere()
    {
        await using var b = await PairEnd.ListenAsync("b", SocketMesh.KeysOf("b", "a"));
        using var client = await RawPeer.ConnectAsync(b.Transport.Endpoint!);
        await client.SendAsync(RawPeer.Greeting);
        Assert.True(await client.IsClosedAsync());
        Assert.Equal(0, b.Node.UpCount);
    }

    private static Dictionary<string, PinnedPeer> Pin(string certificate, string node, PeerRole role) =>
        new(StringComparer.Ordinal) { [TlsKeys.FingerprintOf(SocketMesh.CertificateOf(certificate))] = new(new(node), role) };
}
