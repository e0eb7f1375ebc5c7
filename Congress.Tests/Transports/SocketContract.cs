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
        await a.LinkWithAsync("b");
        await a.UntilAsync(() => a.Refusals.Count > 1, "two refusals");
        Assert.All(a.Refusals, r => Assert.Equal(("c", "this is b"), (r.Peer.Value, r.Reason)));
        Assert.Equal((1, 0, 1, 0), (a.UpCount, a.Downs.Count, b.UpCount, b.Downs.Count));
    }
}

/// <summary>The NetMQ package.</summary>
public sealed class PackageTests : SocketContract
{
    private protected override SocketMesh NewSocketMesh() => new("tcp", _ => SocketEngine.Package);
}

/// <summary>The managed engine dials the package.</summary>
public sealed class ManagedToPackageTests : SocketContract
{
    private protected override SocketMesh NewSocketMesh() => new("tcp", name => name == "a" ? SocketEngine.Managed : SocketEngine.Package);
}

/// <summary>The package dials the managed engine.</summary>
public sealed class PackageToManagedTests : SocketContract
{
    private protected override SocketMesh NewSocketMesh() => new("tcp", name => name == "a" ? SocketEngine.Package : SocketEngine.Managed);
}

/// <summary>The managed engine over TCP.</summary>
public sealed class ManagedTcpTests : SocketContract
{
    private protected override SocketMesh NewSocketMesh() => new("tcp", _ => SocketEngine.Managed);
}

/// <summary>The managed engine over Unix sockets.</summary>
public sealed class ManagedUnixTests : SocketContract
{
    private protected override SocketMesh NewSocketMesh() => new("unix", _ => SocketEngine.Managed);
}

/// <summary>The managed engine over TLS.</summary>
public sealed class ManagedTlsTests : SocketContract
{
    private protected override SocketMesh NewSocketMesh() => new("tls", _ => SocketEngine.Managed);
}
