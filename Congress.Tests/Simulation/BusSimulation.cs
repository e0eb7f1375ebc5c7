namespace Congress.Tests.Simulation;

/// <summary>The bus in a world of one seed: real protocol, virtual time, simulated processes and links, faults until the healing.</summary>
/// <remarks>After the healing every subscriber must have what its publisher has, and know it, within <see cref="MaxConvergence"/>.</remarks>
internal sealed class BusSimulation
{
    public static readonly TimeSpan MaxConvergence = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    private readonly World _world;
    private readonly Cluster _cluster;
    private readonly Faults _faults;

    private BusSimulation(long seed, int traced)
    {
        _world = new(seed, traced) { Scenario = Scenario.Of(new((ulong)seed)) };
        var network = new Network(_world);
        _cluster = new(_world, network);
        _faults = new(_world, network, _cluster);
    }

    /// <summary>Runs a seed; one that fails is run again with a trace of what happened last.</summary>
    public static BusVerdict Run(long seed, int traced = 60)
    {
        var verdict = new BusSimulation(seed, traced: 0).Run();
        return verdict.Failure is null || traced == 0 ? verdict : new BusSimulation(seed, traced).Run();
    }

    private BusVerdict Run()
    {
        try
        {
            _cluster.Start();
            _faults.Schedule();
            ScheduleCall();
            _world.Time.RunUntil(_world.Scenario.HealedAt);
            _cluster.Heal();
            Converge();
        }
#pragma warning disable CA1031 // whatever the protocol throws is its failure
        catch (Exception e)
#pragma warning restore CA1031
        {
            _world.Verdict.Failure = e is BrokenPromiseException ? e.Message : $"at {_world.Now.TotalSeconds:0.000} s: {e}";
            _world.Verdict.Trace = [$"{_world.Scenario}", .. _world.LastEvents()];
        }

        return _world.Verdict;
    }

    private void Converge()
    {
        var healedAt = _world.Now;
        TimeSpan? converged = null;
        while (_world.Now < healedAt + MaxConvergence)
        {
            _world.Time.RunUntil(_world.Now + Poll);
            converged = _cluster.Missing() is null ? converged ?? _world.Now - healedAt : null;
        }

        if (_cluster.Missing() is { } missing)
        {
            _world.Fail(missing);
        }

        // The last calls end, and with the next heartbeats what nobody wants is given up.
        _world.Time.RunUntil(_world.Now + TimeSpan.FromSeconds(2));
        if ((_cluster.Missing() ?? _cluster.LeftOver()) is { } late)
        {
            _world.Fail(late);
        }

        _world.Verdict.Convergence = converged!.Value;
    }

    private void ScheduleCall() => _world.Time.After(_world.Random.Milliseconds(1, 300), () =>
    {
        if (_world.IsHealed)
        {
            return;
        }

        if (_world.Processes.Count > 0)
        {
            var caller = _world.Processes[_world.Random.Below(_world.Processes.Count)];
            caller.Calls.Make(_cluster.Services[_world.Random.Below(_cluster.Services.Count)]);
        }

        ScheduleCall();
    });
}
