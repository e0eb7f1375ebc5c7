using System.Net;
using Congress.Bus;
using Congress.Data;
using Congress.Tests.Bus;
using Congress.Tests.Contracts;
using Xunit.Abstractions;

namespace Congress.Tests.Chaos;

/// <summary>Real sockets and TLS through a proxy that delays, cuts, resets, holds up, slices and flips bits: no state is ever wrong, and it heals.</summary>
public sealed class ChaosTests(ITestOutputHelper output)
{
    private const int Width = 10;

    private static int Faults => Environment.GetEnvironmentVariable("CONGRESS_SOAK") == "1" ? 2_000 : 40;

    [Theory]
    [InlineData(MeshKind.PackageTcp)]
    [InlineData(MeshKind.ManagedTcp)]
    [InlineData(MeshKind.Tls)]
    public async Task No_state_is_wrong_and_what_was_missed_is_made_up_for(MeshKind kind)
    {
        var seed = TimeProvider.System.GetTimestamp().GetHashCode();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        ChaosProxy? proxy = null;
        await using var mesh = new BusMesh(kind) { Detour = (from, to) => from == "a" && to == "b" ? $"{Scheme(kind)}://{proxy!.Address}" : null! };
        await using var chaos = proxy = new ChaosProxy(IPEndPoint.Parse(new Uri(mesh.Endpoints["b"]).Authority), seed);
        var service = new TestService();
        await mesh.StartAsync("b", service);
        var there = await mesh.StartAsync("a");
        using var checking = new StateChecker(there.Subscribe(new("test", "t")));
        using var stop = new CancellationTokenSource();
        var published = 0;
        var publishing = Task.Run(async () =>
        {
            for (; !stop.IsCancellationRequested; published++)
            {
                service.Say("t", [.. Enumerable.Range(0, Width).Select(i => new Row(i, published))]);
                await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, CancellationToken.None);
            }
        });

        // The package's process dies of malformed bytes: that is why it is for loopback only.
        var faults = Enum.GetValues<ChaosFault>().Where(f => f != ChaosFault.None && (f != ChaosFault.BitFlip || kind != MeshKind.PackageTcp)).ToArray();
        var slowest = TimeSpan.Zero;
        for (var i = 0; i < Faults; i++)
        {
            chaos.Set(faults[random.Next(faults.Length)]);
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(5, 300)), TimeProvider.System);
            chaos.Heal();
            if (i % 10 == 9)
            {
                var (healed, target) = (TimeProvider.System.GetTimestamp(), published);
                await Eventually.TrueAsync(() => checking.Latest >= target && !checking.IsStale, "the newest state is there again");
                var took = TimeProvider.System.GetElapsedTime(healed);
                slowest = took > slowest ? took : slowest;
            }
        }

        await stop.CancelAsync();
        await publishing;
        await Eventually.TrueAsync(() => checking.Latest == published - 1 && !checking.IsStale, "the last state is there");
        output.WriteLine($"{Faults} faults, {checking.States} states, 0 wrong, slowest healing {slowest.TotalSeconds:0.00} s");
        Assert.Null(checking.Wrong);
        Assert.True(checking.States > Faults);
        Assert.True(slowest < TimeSpan.FromSeconds(15), $"healing took {slowest.TotalSeconds} s");
    }

    private static string Scheme(MeshKind kind) => kind == MeshKind.Tls ? "tls" : "tcp";

    /// <summary>Reads a table each of whose states tells of itself whether it was one: all rows have the same number, and the numbers rise.</summary>
    private sealed class StateChecker : IDisposable
    {
        private readonly Subscription _subscription;
        private readonly TableReplica _replica = new();
        private long _latest = -1;

        public StateChecker(Subscription subscription)
        {
            _subscription = subscription;
            _ = Task.Run(ReadAsync);
        }

        public long Latest => Volatile.Read(ref _latest);

        public bool IsStale { get; private set; }

        public int States { get; private set; }

        public string? Wrong { get; private set; }

        public void Dispose() => _subscription.Dispose();

        private async Task ReadAsync()
        {
            await foreach (var next in _subscription)
            {
                _replica.Apply(next);
                IsStale = _replica.IsStale;
                var numbers = _replica.Rows.Select(r => r[1].AsInteger()).Distinct().ToArray();
                if (_replica.Rows.Count != Width || numbers is not [var number] || number < _latest)
                {
                    Wrong ??= $"{next}: {_replica.Rows.Count} rows of {string.Join(", ", numbers)} after {_latest}";
                    continue;
                }

                States++;
                Volatile.Write(ref _latest, number);
            }
        }
    }
}
