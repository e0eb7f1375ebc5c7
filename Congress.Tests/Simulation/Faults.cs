namespace Congress.Tests.Simulation;

/// <summary>Does harm at random until the healing.</summary>
internal sealed class Faults(World world, Network network, Cluster cluster)
{
    private SimulationRandom Random => world.Random;

    public void Schedule() => world.Time.After(Random.Milliseconds(10, world.Scenario.FaultEvery * 2), () =>
    {
        if (world.IsHealed)
        {
            return;
        }

        var kind = (FaultKinds)(1 << Random.Below(9));
        if (world.Scenario.Faults.HasFlag(kind) && world.Processes.Count > 0)
        {
            Do(kind);
        }

        Schedule();
    });

    private void Do(FaultKinds kind)
    {
        var process = world.Processes[Random.Below(world.Processes.Count)];
        if (world.IsTraced)
        {
            world.Trace($"--- {kind} at {process}");
        }

        switch (kind)
        {
            case FaultKinds.Cuts:
                Cut();
                break;
            case FaultKinds.Flaps when process.Ends.Count > 0:
                world.Count("fault: flap");
                network.Close(process.Ends.Values.ElementAt(Random.Below(process.Ends.Count)), "flap");
                break;
            case FaultKinds.Kills:
                world.Count("fault: kill");
                Kill(process);
                break;
            case FaultKinds.Pauses when !process.IsPaused:
                world.Count("fault: pause");
                process.Pause();
                world.Time.After(Random.Milliseconds(50, Random.OneOf(500, 4000, 15_000)), process.Resume);
                break;
            case FaultKinds.Services:
                ChangeService(process);
                break;
            case FaultKinds.Leases:
                world.Count("fault: lease moves");
                cluster.MoveLease(Random.Milliseconds(0, Random.OneOf(100, 8000)));
                break;
            case FaultKinds.Readers when process.Readers.Count > 0:
                ChangeReader(process);
                break;
            case FaultKinds.Twins:
                world.Count("fault: twin");
                StartTwin(Random.Below(world.Scenario.Nodes));
                break;
            case FaultKinds.Leaving when !process.IsPaused && !process.IsLeaving:
                world.Count("fault: leaving");
                process.Do(process.SayBye);
                world.Time.After(Random.Milliseconds(50, 1500), () => Kill(process));
                break;
        }
    }

    private void Cut()
    {
        var (from, to) = (Random.Below(world.Scenario.Nodes), Random.Below(world.Scenario.Nodes));
        if (from == to)
        {
            return;
        }

        var isTwoWay = Random.Chance(0.6);
        world.Count(isTwoWay ? "fault: two-way cut" : "fault: one-way cut");
        network.Cut(from, to);
        if (isTwoWay)
        {
            network.Cut(to, from);
        }

        // None, one or both ends notice; the others find out by silence.
        foreach (var (here, there) in new[] { (from, to), (to, from) })
        {
            if (Random.Chance(0.4))
            {
                foreach (var end in world.Processes.Where(p => p.Address == here).SelectMany(p => p.Ends.Values).Where(e => e.Other.Owner.Address == there).ToArray())
                {
                    network.Close(end, "cut");
                }
            }
        }

        world.Time.After(Random.Milliseconds(100, Random.OneOf(1000, 4000, 14_000)), () =>
        {
            network.Mend(from, to);
            network.Mend(to, from);
        });
    }

    private void Kill(SimulatedProcess process)
    {
        if (!process.IsAlive)
        {
            return;
        }

        process.Kill();
        foreach (var end in process.Ends.Values.Select(e => e.Other).ToArray())
        {
            // Told now, late, or never: then the silence tells.
            if (Random.Below(3) is > 0 and var told)
            {
                world.Time.After(Random.Milliseconds(0, told == 1 ? 5 : 6000), () => end.Owner.LinkDown(end, "the process is gone"));
            }
        }

        if (!process.IsTwin)
        {
            world.Time.After(Random.Milliseconds(10, Random.OneOf(300, 4000)), () => cluster.StartNode(process.Slot));
        }
    }

    private void ChangeService(SimulatedProcess process)
    {
        var service = cluster.HomeServiceOf(process.Slot);
        if (process.IsTwin || process.IsLeaving)
        {
            return;
        }

        switch (Random.Below(3))
        {
            case 0:
                world.Count("fault: service starts again");
                cluster.StartHomeService(process);
                break;
            case 1:
                world.Count("fault: service fails");
                process.SetActive(service, isActive: false, 0);
                world.Time.After(Random.Milliseconds(10, 3000), () => cluster.StartHomeService(process));
                break;
            default:
                world.Count("fault: service is unregistered");
                process.Unregister(service);
                world.Time.After(Random.Milliseconds(10, 3000), () => cluster.StartHomeService(process));
                break;
        }
    }

    private void ChangeReader(SimulatedProcess process)
    {
        var reader = process.Readers[Random.Below(process.Readers.Count)];
        if (Random.Chance(0.3))
        {
            world.Count("fault: subscribes anew");
            reader.Unsubscribe();
            process.Readers.Remove(reader);
            process.Read(reader.Table);
            return;
        }

        world.Count("fault: slow reader");
        reader.SetPace(Random.Chance(0.5) ? ReadingPace.Seldom : ReadingPace.Stopped);
        world.Time.After(Random.Milliseconds(200, Random.OneOf(2000, 10_000)), () => reader.SetPace(ReadingPace.AtOnce));
    }

    private void StartTwin(int slot)
    {
        if (world.Processes.Exists(p => p.IsTwin))
        {
            return;
        }

        var twin = cluster.StartTwin(slot);
        world.Time.After(Random.Milliseconds(1000, 8000), () => Kill(twin));
    }
}
