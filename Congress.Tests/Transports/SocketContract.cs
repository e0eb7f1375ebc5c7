using Congress.Transport.NetMQ;

namespace Congress.Tests.Transports;

/// <summary>What every transport over sockets does besides.</summary>
public abstract class SocketContract : TransportContract
{
    private protected abstract SocketMesh NewSocketMesh();

    private protected sealed override TransportMesh NewMesh() => NewSocketMesh();

    [Fact]
    public async Task Another_node_than_the_configured_one_gets_no_link()
    {
        await using var mesh = NewSocketMesh();
        var b = await mesh.StartAsync("b");
        mesh.Mislead("c", "b");
        var a = await mesh.StartAsync("a");
        var events = ((NetMQTransport)mesh["a"]).Events;
        await a.LinkWithAsync("b");
        await a.UntilAsync(() => events.FaultCount > 0, "the fault");
        Assert.DoesNotContain(a.Links, l => l.Peer.Id.Value == "c");
    }
}

/// <summary>The managed engine over TCP.</summary>
public sealed class ManagedTcpTests : SocketContract
{
    private protected override SocketMesh NewSocketMesh() => new("tcp", _ => SocketEngine.Managed);
}
