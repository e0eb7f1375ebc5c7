using Congress.Bus.Protocol;
using Congress.Data;

namespace Congress.Tests.Simulation;

/// <summary>What the process hosts: services that publish random changes of their tables.</summary>
internal sealed partial class SimulatedProcess
{
    private readonly Dictionary<string, HostedService> _hosted = new(StringComparer.Ordinal);

    public HostedService? Hosted(string service) => _hosted.GetValueOrDefault(service);

    /// <summary>Starts a service, or starts it again, in a new epoch; inactive it waits for its lease.</summary>
    public void StartService(string service, IReadOnlyList<TableName> tables, bool isActive, ulong fence) => Do(() =>
    {
        var start = (_hosted.GetValueOrDefault(service)?.Entry.Start ?? 0) + 1;
        Set(new(service, start, isActive, fence, [.. tables.Select(t => t.Table)], [SimulatedCalls.Method]), tables);
    });

    /// <summary>A service gets or loses its lease, or fails.</summary>
    public void SetActive(string service, bool isActive, ulong fence) => Do(() =>
    {
        if (_hosted.TryGetValue(service, out var hosted) && hosted.IsThere)
        {
            Set(hosted.Entry with { IsActive = isActive, Fence = fence }, hosted.Tables);
        }
    });

    /// <summary>A service learns that another has a newer lease.</summary>
    public void LoseLease(string service, ulong newest) => Do(() =>
    {
        if (_hosted.TryGetValue(service, out var hosted) && hosted.Entry.Fence < newest)
        {
            SetActive(service, isActive: false, 0);
        }
    });

    public void Unregister(string service) => Do(() =>
    {
        if (_hosted.TryGetValue(service, out var hosted) && hosted.IsThere)
        {
            End(hosted);
            hosted.IsThere = false;
            Protocol.RemoveService(service, _world.Now);
        }
    });

    private void Set(ServiceEntry entry, IReadOnlyList<TableName> tables)
    {
        if (_hosted.TryGetValue(entry.Service, out var before))
        {
            if (before.IsThere && before.Entry == entry)
            {
                return;
            }

            End(before);
        }

        var hosted = new HostedService(entry, new(entry.Fence, Identity.Incarnation, entry.Start), tables);
        _hosted[entry.Service] = hosted;
        Protocol.SetService(entry, _world.Now);
        if (!entry.IsActive)
        {
            return;
        }

        _world.Count("epochs");
        foreach (var table in tables)
        {
            if (_world.IsHealed || _world.Random.Chance(0.7))
            {
                Publish(hosted, table);
            }

            ScheduleChange(hosted, table);
        }
    }

    private void EndServices()
    {
        foreach (var hosted in _hosted.Values)
        {
            End(hosted);
        }
    }

    private void End(HostedService hosted)
    {
        foreach (var table in hosted.Tables.Where(_ => hosted.Entry.IsActive))
        {
            _world.TruthOf(table, hosted.Epoch).EndedAt ??= _world.Now;
        }
    }

    private void ScheduleChange(HostedService hosted, TableName table)
    {
        var every = _world.Scenario.ChangeEvery;
        var isIdle = _world.Random.Chance(0.03);
        _world.Time.After(_world.Random.Milliseconds(isIdle ? 2000 : 1, isIdle ? 6000 : every * 2), () =>
        {
            if (!IsAlive || _world.IsHealed || _hosted.GetValueOrDefault(hosted.Entry.Service) != hosted || !hosted.IsThere)
            {
                return;
            }

            Do(() =>
            {
                if (_hosted.GetValueOrDefault(hosted.Entry.Service) != hosted || !hosted.IsThere)
                {
                    return;
                }

                for (var burst = _world.Random.Chance(0.03) ? _world.Random.Between(5, 60) : 1; burst > 0; burst--)
                {
                    Publish(hosted, table);
                }
            });
            ScheduleChange(hosted, table);
        });
    }

    /// <summary>Publishes the table at least once, so that it has a state at the end.</summary>
    public void PublishOnce()
    {
        foreach (var hosted in _hosted.Values.Where(h => h.IsThere && h.Entry.IsActive))
        {
            foreach (var table in hosted.Tables.Where(t => _world.TruthOf(t, hosted.Epoch).Sequence == 0))
            {
                Do(() => Publish(hosted, table));
            }
        }
    }

    private void Publish(HostedService hosted, TableName table)
    {
        var random = _world.Random;
        var truth = _world.TruthOf(table, hosted.Epoch);
        var domain = _world.Scenario.Domain == 64 ? ulong.MaxValue : (1UL << _world.Scenario.Domain) - 1;
        var one = 1UL << random.Below(_world.Scenario.Domain);
        var (inserted, deleted) = random.Below(10) switch
        {
            < 4 => (one, 0UL),
            < 7 => (0UL, one),
            7 => (random.Next() & domain, random.Next() & domain),
            8 => (random.Next() & random.Next() & random.Next() & domain, random.Next() & random.Next() & random.Next() & domain),
            _ => (random.Next() & domain, ulong.MaxValue),
        };
        var isWhole = deleted == ulong.MaxValue;
        var after = isWhole ? inserted : (truth.State & ~deleted) | inserted;
        var isNew = truth.Sequence == 0 || after != truth.State;
        if (isNew)
        {
            truth.Add(after, _world.Now);
            _world.Count("states published");
        }

        if (_world.IsTraced)
        {
            _world.Trace($"{this} publishes {table} @{hosted.Epoch}:{truth.Sequence}");
        }

        if (Protocol.Publisher.Publish(table, Rows.Of(inserted), isWhole ? null : Rows.Of(deleted)) != isNew)
        {
            _world.Fail($"{this} takes a change of {table} for {(isNew ? "none" : "a new state")}");
        }
    }
}

/// <summary>A service in one of its lives.</summary>
internal sealed class HostedService(ServiceEntry entry, Epoch epoch, IReadOnlyList<TableName> tables)
{
    public ServiceEntry Entry => entry;

    public Epoch Epoch => epoch;

    public IReadOnlyList<TableName> Tables => tables;

    /// <summary>False once it is unregistered.</summary>
    public bool IsThere { get; set; } = true;
}
