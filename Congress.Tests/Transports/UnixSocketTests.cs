using System.Net.Sockets;
using Congress.Transport.NetMQ;

namespace Congress.Tests.Transports;

/// <summary>The file of a Unix socket.</summary>
public sealed class UnixSocketTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("congress").FullName;

    private string Place => Path.Join(_folder, "b");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task It_is_for_its_owner_alone_and_goes_with_the_transport()
    {
        await using (var transport = await StartedAsync())
        {
            Assert.Equal($"unix://{Place}", transport.Endpoint);
            if (!OperatingSystem.IsWindows())
            {
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Place));
            }

            using (var client = Connected())
            {
                Assert.True(client.Connected);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
            using var next = Connected();   // the end of a connection leaves the file
            Assert.True(next.Connected);
        }

        Assert.False(File.Exists(Place));
    }

    [Fact]
    public async Task That_of_a_dead_process_is_replaced()
    {
        using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            dead.Bind(new UnixDomainSocketEndPoint(Place));
            dead.Listen();
            File.Move(Place, Place + ".kept");
        }

        File.Move(Place + ".kept", Place);
        await using var transport = await StartedAsync();
        using var client = Connected();
        Assert.True(client.Connected);
    }

    [Fact]
    public async Task That_of_a_living_process_is_not()
    {
        await using var first = await StartedAsync();
        var error = await Assert.ThrowsAsync<IOException>(StartedAsync);
        Assert.Equal($"cannot listen at unix://{Place}: a living process does", error.Message);
        using var client = Connected();
        Assert.True(client.Connected);
    }

    [Fact]
    public async Task Another_file_is_never_removed()
    {
        await File.WriteAllTextAsync(Place, "");
        var error = await Assert.ThrowsAsync<IOException>(StartedAsync);
        Assert.Equal($"cannot listen at unix://{Place}: a file is there that is no socket", error.Message);
        Assert.True(File.Exists(Place));
    }

    private Socket Connected()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(Place));
        return socket;
    }

    private async Task<NetMQTransport> StartedAsync()
    {
        var transport = new NetMQTransport(new() { Listen = $"unix://{Place}" });
        var node = new RecordingNode("b", 1);
        await transport.StartAsync(node.Identity, node);
        return transport;
    }
}
