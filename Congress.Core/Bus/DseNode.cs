using System.Security.Cryptography;
using Congress.Bus.Protocol;
using Congress.Data;
using Congress.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Congress.Bus;

/// <summary>Runs services and connects them with those of other nodes. A process has one, usually.</summary>
/// <remarks>
/// Without a transport the services of this node have each other; with one, the same services find those of other nodes, too. Where a service runs
/// is the caller's choice and nothing that a service sees. What is promised of tables and calls is in docs/distributed.md.
/// </remarks>
public sealed partial class DseNode : IServiceCalls, IAsyncDisposable
{
    private static readonly TimeSpan TickTime = TimeSpan.FromMilliseconds(50);

    private readonly IBusTransport? _transport;
    private readonly DseNodeOptions _options;
    private readonly long _startedAt;
    private readonly Lock _gate = new();            // guards the protocol and all that follows it; nothing is awaited and nobody called under it
    private readonly NodeProtocol _protocol;
    private readonly Lock _lifecycle = new();
    private ITimer? _ticks;
    private NodeState _state;
    private Task? _disposal;

    /// <summary>Makes a node that does nothing yet.</summary>
    /// <param name="id">Its name: 1 to 128 letters, digits, '.', '_' or '-', the same at each start and no other node's.</param>
    /// <param name="transport">How it reaches other nodes; the node disposes it. Null: it is alone.</param>
    /// <param name="options">How it behaves.</param>
    /// <exception cref="ArgumentException">The name cannot be one.</exception>
    public DseNode(string id, IBusTransport? transport = null, DseNodeOptions? options = null)
    {
        Id = NodeId.Parse(id);
        _transport = transport;
        _options = options ?? new();
        _startedAt = _options.Time.GetTimestamp();
        Identity = new(Id, BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)));
        _protocol = new(Identity, _options.Protocol, Now);
    }

    /// <summary>The name.</summary>
    public NodeId Id { get; }

    /// <summary>The name and this life of it.</summary>
    public NodeIdentity Identity { get; }

    internal DseNodeOptions Options => _options;

    internal bool IsRunning
    {
        get
        {
            lock (_lifecycle)
            {
                return _state == NodeState.Running;
            }
        }
    }

    /// <summary>The time since the node was made. No hour of the day decides anything.</summary>
    private TimeSpan Now => _options.Time.GetElapsedTime(_startedAt);

    /// <summary>Joins the bus and starts the services that are registered.</summary>
    /// <exception cref="NodeNameTakenException">Another living process has this name; the message says which. The node is disposed.</exception>
    /// <exception cref="IOException">The transport cannot listen.</exception>
    /// <exception cref="InvalidOperationException">It was started before.</exception>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        lock (_lifecycle)
        {
            ObjectDisposedException.ThrowIf(_state >= NodeState.Stopping, this);
            if (_state != NodeState.Created)
            {
                throw new InvalidOperationException($"node '{Id}' has been started already");
            }

            _state = NodeState.Starting;
            _ticks = _options.Time.CreateTimer(_ => Tick(), null, TickTime, TickTime);
        }

        try
        {
            if (_transport is not null)
            {
                await _transport.StartAsync(Identity, this, cancellationToken).ConfigureAwait(false);
                await JoinAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch
        {
            await DisposeAsync().ConfigureAwait(false);
            throw;
        }

        lock (_lifecycle)
        {
            ObjectDisposedException.ThrowIf(_state >= NodeState.Stopping, this);
            _state = NodeState.Running;
        }

        foreach (var host in HostsNow())
        {
            host.Start();
        }
    }

    /// <summary>How the node is doing.</summary>
    public NodeStatus GetStatus()
    {
        var services = HostsNow().Select(h => h.Status).OrderBy(s => s.Name, StringComparer.Ordinal).ToArray();
        lock (_gate)
        {
            return new(Identity, services,
                [.. _protocol.Publisher.Tables.Select(t => new PublishedTableStatus(t.Name, new(t.Epoch, t.Sequence), t.Count, _protocol.Publisher.FollowersOf(t.Name))).OrderBy(t => t.Table)],
                [.. _protocol.Followers.Select(f => new SubscriptionStatus(f.Table, f.Version, f.IsFresh, f.IsFresh ? "" : f.Reason, f.Waiting)).OrderBy(s => s.Table)],
                [.. _protocol.Membership.Peers.Where(p => p.Identity != Identity).Select(p => new PeerStatus(p.Identity, p.Health, p.Reason, Now - p.HeardAt, InstancesOf(p))).OrderBy(p => p.Node.Id)],
                _protocol.Calls.Count, _protocol.Server.Count);
        }
    }

    /// <summary>Every service that is known, on this node and others, by name and node.</summary>
    public IReadOnlyList<ServiceInstance> GetDirectory()
    {
        lock (_gate)
        {
            return [.. _protocol.Membership.Peers.SelectMany(InstancesOf).OrderBy(s => s.Service, StringComparer.Ordinal).ThenBy(s => s.Node)];
        }
    }

    /// <summary>Stops the services, lets calls finish and subscribers catch up, takes leave and closes. Bounded in time; may be repeated.</summary>
    public ValueTask DisposeAsync()
    {
        lock (_lifecycle)
        {
            _state = _state == NodeState.Stopped ? _state : NodeState.Stopping;
            return new(_disposal ??= Task.Run(StopAsync));
        }
    }

    private static IReadOnlyList<ServiceInstance> InstancesOf(Peer peer) =>
        [.. peer.Services.Select(s => new ServiceInstance(s.Service, peer.Identity.Id, s.IsActive, s.Tables, s.Methods))];

    private async Task StopAsync()
    {
        try
        {
            await Task.WhenAll(HostsNow().Select(h => h.DisposeAsync().AsTask())).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_transport is not null)
            {
                await WaitAsync(() => _protocol.IsQuiet, _options.ShutdownTime).ConfigureAwait(false);
                Step(static (node, _, _) => node._protocol.SayBye(), 0);
                await WaitAsync(() => _links.Count == 0, TimeSpan.FromSeconds(1)).ConfigureAwait(false);
                await _transport.DisposeAsync().ConfigureAwait(false);
            }

            if (_ticks is not null)
            {
                await _ticks.DisposeAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            EndEverything();
            lock (_lifecycle)
            {
                _state = NodeState.Stopped;
            }
        }
    }

    /// <summary>Waits until what the lock guards is so, or for a time.</summary>
    private async Task WaitAsync(Func<bool> isSo, TimeSpan most)
    {
        var since = _options.Time.GetTimestamp();
        while (_options.Time.GetElapsedTime(since) < most)
        {
            lock (_gate)
            {
                if (isSo())
                {
                    return;
                }
            }

            await Task.Delay(TimeSpan.FromMilliseconds(5), _options.Time).ConfigureAwait(false);
        }
    }

    private async Task JoinAsync(CancellationToken cancellationToken)
    {
        var since = _options.Time.GetTimestamp();
        while (true)
        {
            var passed = _options.Time.GetElapsedTime(since);
            lock (_gate)
            {
                // A name may still be held for a process that is gone without having been missed.
                if (_links.Count > 0 || (_refusal is null ? passed >= _options.JoinTime : passed >= _options.Protocol.Suspect + TimeSpan.FromSeconds(1)))
                {
                    break;
                }
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10), _options.Time, cancellationToken).ConfigureAwait(false);
        }

        if (_links.Count == 0 && _refusal is { } refusal)
        {
            throw new NodeNameTakenException($"node '{Id}' is refused by node '{refusal.Peer}': {refusal.Reason}");
        }
    }

    private enum NodeState
    {
        Created,
        Starting,
        Running,
        Stopping,
        Stopped,
    }
}
