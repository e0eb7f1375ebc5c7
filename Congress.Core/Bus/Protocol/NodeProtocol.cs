using Congress.Bus.Protocol.Calls;
using Congress.Bus.Protocol.Tables;
using Congress.Data;

namespace Congress.Bus.Protocol;

/// <summary>All that a node says and understands on the bus, without a thread, socket, clock or random number: the same code runs over every
/// transport and in the simulator.</summary>
/// <remarks>
/// Each step is given the time since some beginning. What it wants done is in <see cref="Outbox"/>. The node reaches its own services as those of
/// any other node, over a link to itself (<see cref="SelfLink"/>) whose frames the host gives back.
/// </remarks>
internal sealed partial class NodeProtocol
{
    /// <summary>The link of a node to itself.</summary>
    public const long SelfLink = -1;

    private readonly NodeIdentity _self;
    private readonly ProtocolSettings _settings;
    private readonly Dictionary<string, ServiceEntry> _services = new(StringComparer.Ordinal);
    private readonly Dictionary<ulong, Follower> _followers = [];
    private readonly HashSet<long> _links = [SelfLink];
    private ulong _lastSubscription;
    private TimeSpan _nextHeartbeat;
    private bool _isLeaving;

    public NodeProtocol(NodeIdentity self, ProtocolSettings settings, TimeSpan now)
    {
        (_self, _settings) = (self, settings);
        Publisher = new(settings, Outbox);
        Membership = new(self, settings, Outbox);
        Calls = new(self.Incarnation, settings, Outbox, Membership);
        Server = new(settings, Outbox);
        Membership.LinkUp(SelfLink, self, PeerRole.Unrestricted, now);
    }

    public Outbox Outbox { get; } = new();

    public Publisher Publisher { get; }

    public Membership Membership { get; }

    public CallClient Calls { get; }

    public CallServer Server { get; }

    public IEnumerable<Follower> Followers => _followers.Values;

    public IEnumerable<ServiceEntry> Services => _services.Values;

    /// <summary>Whether everybody has what this node was to tell: its tables' newest states and its answers.</summary>
    public bool IsQuiet => Publisher.IsAcknowledged && Server.Count == 0;

    public string? Admit(NodeIdentity peer, TimeSpan now) => Membership.Admit(peer, now);

    public void LinkUp(long link, NodeIdentity peer, PeerRole role, TimeSpan now)
    {
        if (Membership.Find(peer.Id) is { Link: not 0 } known && known.Link != link)
        {
            var replaced = known.Link;
            LinkDown(replaced, "another link has taken its place", now);
            Outbox.Tell(new LinkCondemned(replaced, "another link has taken its place"));
        }

        _links.Add(link);
        Membership.LinkUp(link, peer, role, now);
        Outbox.Send(link, HeartbeatFor(link));
        Retarget(now);
    }

    public void LinkDown(long link, string reason, TimeSpan now)
    {
        if (!_links.Remove(link))
        {
            return;
        }

        Membership.LinkDown(link, reason);
        Publisher.OnLinkDown(link);
        Server.OnLinkDown(link);
        Calls.OnLinkDown(link, reason, now);
        Retarget(now);
    }

    public ServiceEntry? FindService(string service) => _services.GetValueOrDefault(service);

    /// <summary>A service is there, or is not what it was. A change of its start, lease or activity begins a new epoch.</summary>
    public void SetService(ServiceEntry entry, TimeSpan now)
    {
        var before = _services.GetValueOrDefault(entry.Service);
        _services[entry.Service] = entry;
        if (before is null || (before.Start, before.Fence, before.IsActive) != (entry.Start, entry.Fence, entry.IsActive))
        {
            if (before is { IsActive: true })
            {
                Publisher.StopService(entry.Service);
            }

            if (entry.IsActive)
            {
                Publisher.StartService(entry.Service, new(entry.Fence, _self.Incarnation, entry.Start));
            }
        }

        Announce(now);
    }

    public void RemoveService(string service, TimeSpan now)
    {
        if (_services.Remove(service, out var entry))
        {
            if (entry.IsActive)
            {
                Publisher.StopService(service);
            }

            Announce(now);
        }
    }

    /// <summary>Begins to follow a table.</summary>
    /// <returns>The number of the subscription.</returns>
    public ulong Subscribe(TableName table, TimeSpan now)
    {
        var follower = new Follower(++_lastSubscription, table, _self.Incarnation, _settings, Outbox);
        _followers.Add(follower.Id, follower);
        Retarget(follower, now);
        return follower.Id;
    }

    public void Unsubscribe(ulong subscription)
    {
        if (_followers.Remove(subscription, out var follower))
        {
            follower.Stop();
        }
    }

    /// <summary>Takes what a subscription has, which makes room for more.</summary>
    public void Take(ulong subscription, List<TableEvent> into, TimeSpan now) => _followers.GetValueOrDefault(subscription)?.TakeAll(into, now);

    public void OnTick(TimeSpan now)
    {
        if (now >= _nextHeartbeat && !_isLeaving)
        {
            Announce(now);
        }

        Membership.OnTick(now);
        Retarget(now);
        foreach (var follower in _followers.Values)
        {
            follower.OnTick(now);
        }

        Calls.OnTick(now);
        Server.OnTick(now);
    }

    /// <summary>Tells every peer that this node leaves.</summary>
    public void SayBye()
    {
        _isLeaving = true;
        foreach (var link in _links.Where(l => l != SelfLink))
        {
            Outbox.Send(link, new Bye());
        }
    }

    private void Announce(TimeSpan now)
    {
        _nextHeartbeat = now + _settings.Heartbeat;
        foreach (var link in _links)
        {
            Outbox.Send(link, HeartbeatFor(link));
        }
    }

    private Heartbeat HeartbeatFor(long link) => new([.. _services.Values], Publisher.MarksFor(link));

    /// <summary>Points every subscription to where its publisher now is.</summary>
    private void Retarget(TimeSpan now)
    {
        if (!Membership.TakeChanged())
        {
            return;
        }

        foreach (var follower in _followers.Values)
        {
            Retarget(follower, now);
        }
    }

    private void Retarget(Follower follower, TimeSpan now)
    {
        var publisher = Membership.PublisherOf(follower.Table.Policy, follower.Link);
        follower.Aim(publisher?.Link ?? 0, now);
        var (epoch, hasRows) = (follower.Version.Epoch, follower.Version.Sequence > 0);
        var isSameLife = publisher is null || !hasRows
            || (publisher.Find(follower.Table.Policy) is { } entry && new Epoch(entry.Fence, publisher.Identity.Incarnation, entry.Start) == epoch);
        follower.OnPeerHealth(publisher is { Health: PeerHealth.Alive } && isSameLife,
            publisher is null ? $"no node runs service '{follower.Table.Policy}'" : isSameLife ? publisher.Reason : $"service '{follower.Table.Policy}' has started again", now);
    }
}
