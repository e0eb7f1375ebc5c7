using System.Net.Security;
using System.Security.Authentication;
using Congress.Bus.Protocol;
using Congress.Transport.NetMQ;

namespace Congress.Tests.Transports;

/// <summary>Hostile bytes against the managed engine, before and after HELLO, while a healthy link beside goes on.</summary>
[Collection(nameof(Alone))]
public sealed class FuzzTests(Xunit.Abstractions.ITestOutputHelper output)
{
    private const int FixedSeed = 20_261_123;
    private const int Senders = 8;

    private static readonly bool IsSoak = Environment.GetEnvironmentVariable("CONGRESS_SOAK") == "1";
    private static readonly byte[] Hello = RawPeer.Message(RawPeer.HelloOf("a"));

    [Fact]
    public Task Over_TCP() => RunAsync("tcp", connections: IsSoak ? 180_000 : 18_000);

    [Fact]
    public Task Over_TLS() => RunAsync("tls", connections: IsSoak ? 20_000 : 2_000);

    private async Task RunAsync(string scheme, int connections)
    {
        var keys = scheme == "tls" ? SocketMesh.KeysOf("z", "a", "b", "y") : null;
        await using var z = await PairEnd.StartAsync("z", new()
        {
            Listen = $"{scheme}://127.0.0.1:0", Engine = SocketEngine.Managed, Tls = keys, BadHandshakesBeforeBan = int.MaxValue, MaxGuests = 4 * Senders,
        });
        z.Node.Forgets = true;
        await using var y = await PairEnd.StartAsync("y", new()
        {
            Peers = new Dictionary<string, string>(StringComparer.Ordinal) { ["z"] = z.Transport.Endpoint! }, Engine = SocketEngine.Managed, Tls = keys is null ? null : SocketMesh.KeysOf("y", "z"),
        });
        var healthy = await y.Node.LinkWithAsync("z");
        var isOver = false;
        var beside = BesideAsync(healthy, () => Volatile.Read(ref isOver));
        await FuzzAsync(z, scheme, FixedSeed, connections / 20);   // everything is loaded and pooled before memory is looked at
        await QuietAsync(z);
        var (files, memory) = (OpenFiles(), MemoryNow());
        var fresh = Random.Shared.Next();
        await FuzzAsync(z, scheme, FixedSeed, connections / 2);
        await FuzzAsync(z, scheme, fresh, connections / 2);
        await QuietAsync(z);
        Volatile.Write(ref isOver, true);
        var sent = await beside;
        await z.Node.UntilAsync(() => z.Node.FramesOf("y").Count == sent, $"the {sent} frames of the healthy link");
        Assert.Equal((1, 0), (y.Node.UpCount, y.Node.Downs.Count));
        Assert.InRange(OpenFiles(), 0, files + 20);
        Assert.InRange(MemoryNow(), 0, memory + (64L << 20));
        output.WriteLine($"{connections} connections over {scheme}, seeds {FixedSeed} and {fresh}: {z.Transport.Events.FaultCount} faults, {z.Node.UpCount} links, {sent} frames beside");
    }

    /// <summary>Sends a frame every millisecond or so.</summary>
    private static async Task<int> BesideAsync(Congress.Bus.IBusLink link, Func<bool> isOver)
    {
        var sent = 0;
        while (!isOver())
        {
            Assert.True(link.TrySend(new Probe(BitConverter.GetBytes(sent))));
            sent++;
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        }

        return sent;
    }

    private async Task FuzzAsync(PairEnd target, string scheme, int seed, int connections)
    {
        output.WriteLine($"seed {seed}");
        await Task.WhenAll(Enumerable.Range(0, Senders).Select(sender => Task.Run(async () =>
        {
            var random = new Random(seed + sender);
            for (var i = 0; i < connections / Senders; i++)
            {
                await AttackAsync(target.Transport.Endpoint!, scheme, random);
            }
        })));
    }

    private static async Task AttackAsync(string endpoint, string scheme, Random random)
    {
        try
        {
            using var peer = await RawPeer.ConnectAsync(endpoint, scheme == "tls" && random.Next(4) > 0 ? Tls() : null);
            foreach (var part in Attack(random))
            {
                await peer.SendAsync(part);
            }

            if (random.Next(3) == 0)
            {
                peer.Reset();
            }
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException or AuthenticationException)
        {
            // The other side has closed first.
        }
    }

    /// <summary>The pieces of an attack: a proper conversation up to some point, mutated here or there, cut into pieces.</summary>
    private static List<byte[]> Attack(Random random)
    {
        byte[] bytes = random.Next(10) switch
        {
            0 => Noise(random, random.Next(1, 300)),
            1 => [.. RawPeer.Greeting, .. Noise(random, random.Next(1, 300))],
            2 => [.. RawPeer.Greeting, .. RawPeer.Ready, .. Noise(random, random.Next(1, 300))],
            3 => [.. RawPeer.Greeting, .. RawPeer.Ready, .. RawPeer.Message(Noise(random, random.Next(0, 5000)))],
            4 => [.. RawPeer.Greeting, .. RawPeer.Ready, .. Hello, .. Noise(random, random.Next(1, 300))],
            5 => [.. RawPeer.Greeting, .. RawPeer.Ready, .. Hello, .. RawPeer.Message(Noise(random, random.Next(0, 70_000)))],
            6 => Mutated(random, [.. RawPeer.Greeting, .. RawPeer.Ready, .. Hello]),
            _ => [.. RawPeer.Greeting, .. RawPeer.Ready, .. Hello, .. Mutated(random, Conversation(random))],
        };
        var pieces = new List<byte[]>();
        for (var at = 0; at < bytes.Length;)
        {
            var length = random.Next(3) == 0 ? random.Next(1, 80) : bytes.Length;
            pieces.Add(bytes[at..Math.Min(bytes.Length, at + length)]);
            at += length;
        }

        return pieces;
    }

    private static byte[] Conversation(Random random) =>
    [
        .. RawPeer.Message(new Probe(Noise(random, random.Next(0, 2000)))),
        .. RawPeer.Command("PING", [0, 1, .. Noise(random, random.Next(0, 20))]),
        .. RawPeer.Message(new Refuse(random.Next(2) == 0 ? "" : "no")),
        .. RawPeer.Message(RawPeer.HelloOf("a", (ulong)random.NextInt64())),
        .. RawPeer.Message(new Bye()),
    ];

    private static byte[] Mutated(Random random, byte[] bytes)
    {
        for (var changes = random.Next(1, 5); changes > 0; changes--)
        {
            bytes[random.Next(bytes.Length)] = (byte)(random.Next(3) == 0 ? 0xff : random.Next(256));
        }

        return random.Next(3) == 0 ? bytes[..random.Next(1, bytes.Length)] : bytes;
    }

    private static byte[] Noise(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    private static SslClientAuthenticationOptions Tls() => new()
    {
        TargetHost = "z",
        EnabledSslProtocols = SslProtocols.Tls13,
        ClientCertificates = [SocketMesh.CertificateOf("a")],
        RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null,
    };

    private static Task QuietAsync(PairEnd end) => end.Node.UntilAsync(() => end.Transport.ConnectionCount == 1, "the end of all connections but the healthy one");

    private static int OpenFiles() => Directory.Exists("/proc/self/fd") ? Directory.GetFiles("/proc/self/fd").Length : 0;

    private static long MemoryNow() => GC.GetTotalMemory(forceFullCollection: true);
}
