using Congress.Bus.Protocol;
using Congress.Data;

namespace Congress.Bus;

/// <summary>The services of a node.</summary>
public sealed partial class DseNode
{
    private readonly Dictionary<string, ServiceHost> _hosts = new(StringComparer.Ordinal);
    private uint _lastStart;

    /// <summary>Adds a service. On a node that runs it is started at once.</summary>
    /// <exception cref="ArgumentException">The node has a service of that name.</exception>
    /// <exception cref="InvalidOperationException">The service is registered with a node already.</exception>
    /// <exception cref="ObjectDisposedException">The node is disposed.</exception>
    public void Register(DataService service, ServiceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(service);
        var host = new ServiceHost(this, service, options ?? new());
        bool isRunning;
        lock (_lifecycle)
        {
            ObjectDisposedException.ThrowIf(_state >= NodeState.Stopping, this);
            isRunning = _state == NodeState.Running;
            lock (_gate)
            {
                if (_hosts.ContainsKey(service.Name))
                {
                    throw new ArgumentException($"service '{service.Name}' is registered with node '{Id}' already", nameof(service));
                }

                service.Attach(host);
                _hosts.Add(service.Name, host);
            }
        }

        if (isRunning)
        {
            host.Start();
        }
    }

    /// <summary>Stops a service and takes it away.</summary>
    /// <returns>False when the node has none of that name.</returns>
    public async Task<bool> UnregisterAsync(string service)
    {
        ServiceHost? host;
        lock (_gate)
        {
            if (!_hosts.TryGetValue(service, out host))
            {
                return false;
            }
        }

        await host.StopAsync(isFinal: true).ConfigureAwait(false);
        lock (_gate)
        {
            if (!((ICollection<KeyValuePair<string, ServiceHost>>)_hosts).Remove(new(service, host)))
            {
                return false;   // someone else has taken it away
            }
        }

        host.Service.Detach();
        return true;
    }

    /// <summary>Starts a service that was stopped; one that runs is left alone.</summary>
    /// <exception cref="ServiceNotFoundException">The node has none of that name.</exception>
    public void StartService(string service) => HostOf(service).Start();

    /// <summary>Stops a service until it is started again.</summary>
    /// <exception cref="ServiceNotFoundException">The node has none of that name.</exception>
    public Task StopServiceAsync(string service) => HostOf(service).StopAsync(isFinal: false);

    /// <summary>Numbers the starts of all services of this process.</summary>
    internal uint NextStart()
    {
        lock (_gate)
        {
            return ++_lastStart;
        }
    }

    internal void SetService(ServiceEntry entry) => Step(static (node, e, now) => node._protocol.SetService(e, now), entry);

    internal void RemoveService(string service) => Step(static (node, s, now) => node._protocol.RemoveService(s, now), service);

    /// <summary>Publishes for a service in one of its lives.</summary>
    /// <returns>False when the life is over.</returns>
    internal bool Publish(ServiceEntry life, TableName table, IReadOnlyCollection<Row> inserted, IReadOnlyCollection<Row>? deleted)
    {
        // A list may change while it is read; what is read under the lock is ours.
        inserted = inserted is IReadOnlySet<Row> ? inserted : [.. inserted];
        deleted = deleted is null ? null : [.. deleted];
        lock (_gate)
        {
            if (_protocol.FindService(life.Service) is not { IsActive: true } current || (current.Start, current.Fence) != (life.Start, life.Fence))
            {
                return false;
            }

            _protocol.Publisher.Publish(table, inserted, deleted);
            Settle();
        }

        Send();
        return true;
    }

    /// <summary>Takes back what a life has published of a table.</summary>
    internal void Retract(TableName table) => Step(static (node, t, _) => node._protocol.Publisher.Retract(t), table);

    private ServiceHost HostOf(string service)
    {
        lock (_gate)
        {
            return _hosts.GetValueOrDefault(service) ?? throw new ServiceNotFoundException(
                $"node '{Id}' has no service '{service}'; it has {(_hosts.Count == 0 ? "none" : string.Join(", ", _hosts.Keys))}");
        }
    }

    private ServiceHost[] HostsNow()
    {
        lock (_gate)
        {
            return [.. _hosts.Values];
        }
    }
}
