using Congress.Bus;
using Congress.Data;
using Congress.Tests.Contracts;

namespace Congress.Tests.Bus;

/// <summary>One active instance of a service over all nodes.</summary>
public sealed class LeaseTests
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(0.9);

    [Fact]
    public async Task A_name_is_held_by_one_and_each_holder_has_a_higher_token()
    {
        var time = new ManualClock();
        var lease = new InMemoryLease(time);
        Assert.Equal(1ul, await lease.TryHoldAsync("s", "a", Short));
        Assert.Null(await lease.TryHoldAsync("s", "b", Short));
        time.Advance(Short / 2);
        Assert.Equal(1ul, await lease.TryHoldAsync("s", "a", Short));
        time.Advance(Short / 2);
        Assert.Null(await lease.TryHoldAsync("s", "b", Short));
        time.Advance(Short / 2);
        Assert.Equal(2ul, await lease.TryHoldAsync("s", "b", Short));
        Assert.Null(await lease.TryHoldAsync("s", "a", Short));
        await lease.ReleaseAsync("s", "a");
        Assert.Null(await lease.TryHoldAsync("s", "a", Short));
        await lease.ReleaseAsync("s", "b");
        Assert.Equal(3ul, await lease.TryHoldAsync("s", "a", Short));
    }

    [Fact]
    public async Task Another_node_takes_over_when_the_owner_goes()
    {
        var options = new ServiceOptions { SingleOwner = new InMemoryLease(), LeaseTime = Short };
        await using var mesh = new BusMesh(MeshKind.InProc);
        TestService Instance() => new() { OnStart = (s, _) => { s.Say("t", new Row("up")); return default; } };
        var (first, second) = (mesh.Make("a"), mesh.Make("b"));
        first.Register(Instance(), options);
        second.Register(Instance(), options);
        await first.StartAsync();
        await second.StartAsync();
        await Eventually.TrueAsync(() => second.GetStatus().Services[0].State == ServiceState.Standby, "the second stands by");
        await using var table = new ReadTable(await mesh.StartAsync("c"), "test", "t");
        await table.HasAsync(new Row("up"));
        await first.DisposeAsync();
        await Eventually.TrueAsync(() => second.GetStatus().Services[0].State == ServiceState.Running, "the second takes over");
        await Eventually.TrueAsync(() => table.Events.OfType<TableSnapshot>().Select(s => s.Version.Epoch.Fence).SequenceEqual([1ul, 2ul]), "its table is followed from there");
        await table.HasAsync(new Row("up"));
    }

    [Fact]
    public async Task One_who_fails_to_renew_stops_publishing()
    {
        var lease = new LostLease();
        await using var node = new DseNode("a");
        var service = new TestService();
        node.Register(service, new() { SingleOwner = lease, LeaseTime = Short });
        await node.StartAsync();
        await Eventually.TrueAsync(() => node.GetStatus().Services[0].State == ServiceState.Running, "it runs");
        service.Say("t", new Row(1));
        lease.IsLost = true;
        await Eventually.TrueAsync(() => Record.Exception(() => service.Say("t", new Row(2))) is InvalidOperationException, "what it says is refused");
        lease.IsLost = false;
        await Eventually.TrueAsync(() => node.GetStatus().Services[0].State == ServiceState.Running && service.Starts == 2, "it runs again, under a new lease");
    }

    private sealed class LostLease : ILease
    {
        private ulong _token = 1;

        public bool IsLost { get; set; }

        public ValueTask<ulong?> TryHoldAsync(string name, string holder, TimeSpan duration, CancellationToken cancellationToken = default)
        {
            _token += IsLost ? 1u : 0u;
            return new(IsLost ? null : _token);
        }

        public ValueTask ReleaseAsync(string name, string holder, CancellationToken cancellationToken = default) => default;
    }

    private sealed class ManualClock : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Advance(TimeSpan time) => _ticks += time.Ticks;
    }
}
