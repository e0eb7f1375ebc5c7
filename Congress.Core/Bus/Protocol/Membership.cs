using Congress.Data;

namespace Congress.Bus.Protocol;

/// <summary>The nodes of the bus and what runs on them, as their heartbeats tell.</summary>
internal sealed class Membership(NodeIdentity self, ProtocolSettings settings, Outbox outbox)
{
    private readonly Dictionary<NodeId, Peer> _peers = [];
    private readonly Dictionary<string, long> _turns = new(StringComparer.Ordinal);
    private TimeSpan _lastTick;
    private bool _hasChanged;

    public IEnumerable<Peer> Peers => _peers.Values;

    /// <summary>Whether services may be found elsewhere, or peers fare otherwise, than when this was asked last.</summary>
    public bool TakeChanged()
    {
        var hasChanged = _hasChanged;
        _hasChanged = false;
        return hasChanged;
    }

    /// <summary>Whether a process may have a link; otherwise why not.</summary>
    public string? Admit(NodeIdentity peer, TimeSpan now)
    {
        if (peer.Id == self.Id)
        {
            return $"this node is itself called '{self.Id}' ({self}); each node needs a name of its own";
        }

        return _peers.TryGetValue(peer.Id, out var known) && known.Identity.Incarnation != peer.Incarnation && known is { Link: not 0, HasLeft: false }
            && now - known.HeardAt < settings.Suspect
            ? $"the name '{peer.Id}' is held by {known.Identity}, which is alive"
            : null;
    }

    public Peer? Find(NodeId id) => _peers.GetValueOrDefault(id);

    public Peer? Find(long link)
    {
        foreach (var peer in _peers.Values)
        {
            if (peer.Link == link)
            {
                return peer;
            }
        }

        return null;
    }

    public void LinkUp(long link, NodeIdentity peer, PeerRole role, TimeSpan now)
    {
        var known = _peers.GetValueOrDefault(peer.Id);
        if (known is null || known.Identity != peer)
        {
            _peers[peer.Id] = known = new(peer);
        }

        (known.Link, known.Role, known.HeardAt, known.HasLeft) = (link, role, now, false);
        SetHealth(known, PeerHealth.Alive, "linked");
        _hasChanged = true;
    }

    public void LinkDown(long link, string reason)
    {
        if (Find(link) is { } peer)
        {
            peer.Link = 0;
            _hasChanged = true;
            if (peer.HasLeft)
            {
                Remove(peer, PeerHealth.Left, "it left");
            }
            else
            {
                SetHealth(peer, PeerHealth.Suspected, reason);
            }
        }
    }

    /// <summary>Takes the peer's word for what it hosts, as far as its role allows.</summary>
    public void OnHeartbeat(Peer peer, Heartbeat heartbeat, TimeSpan now)
    {
        peer.HeardAt = now;
        var before = peer.Services;
        peer.Services = [.. heartbeat.Services.Where(s => peer.Role.MayPublish(s.Service))];
        SetHealth(peer, PeerHealth.Alive, "heard again");
        _hasChanged |= !before.SequenceEqual(peer.Services, SameInstance.Comparer);
    }

    public void OnBye(Peer peer)
    {
        (peer.HasLeft, peer.Services) = (true, []);
        _hasChanged = true;
    }

    public void OnTick(TimeSpan now)
    {
        // When this process itself was stopped for a while, what peers said in the meantime is still to be read.
        var wasStopped = now - _lastTick > settings.Suspect;
        _lastTick = now;
        foreach (var peer in _peers.Values.Where(p => p.Identity != self).ToArray())
        {
            peer.HeardAt = wasStopped && peer.HeardAt < now - settings.Suspect ? now - settings.Suspect : peer.HeardAt;
            var silence = now - peer.HeardAt;
            if (silence >= settings.Dead)
            {
                if (peer.Link != 0)
                {
                    outbox.Tell(new LinkCondemned(peer.Link, $"not heard for {silence.TotalSeconds:0} s"));
                }

                Remove(peer, PeerHealth.Dead, $"not heard for {silence.TotalSeconds:0} s");
            }
            else if (silence >= settings.Suspect)
            {
                SetHealth(peer, PeerHealth.Suspected, $"not heard for {silence.TotalSeconds:0} s");
            }
        }
    }

    /// <summary>The peer that publishes a service's tables: the one with the newest lease, then the one followed so far, then the first by name.</summary>
    public Peer? PublisherOf(string service, long followed)
    {
        Peer? best = null;
        ulong fence = 0;
        foreach (var peer in _peers.Values)
        {
            if (peer.Link != 0 && peer.Find(service) is { IsActive: true } entry
                && (best is null || Rank(peer, entry.Fence, followed).CompareTo(Rank(best, fence, followed)) > 0))
            {
                (best, fence) = (peer, entry.Fence);
            }
        }

        return best;
    }

    /// <summary>The next instance of a service to call, this node's own first; 0 when none can be called now.</summary>
    /// <param name="service">The service.</param>
    /// <param name="isExpected">Whether an instance is known that cannot be called just now.</param>
    public long NextCallable(string service, out bool isExpected)
    {
        isExpected = false;
        Peer? next = null, first = null;
        var last = _turns.GetValueOrDefault(service);
        foreach (var peer in _peers.Values)
        {
            if (peer.Find(service) is not { } entry)
            {
                continue;
            }

            isExpected = true;
            if (peer.Link == 0 || peer.Health != PeerHealth.Alive || !entry.IsActive)
            {
                continue;
            }

            if (peer.Identity == self)
            {
                return peer.Link;
            }

            first = first is null || peer.Link < first.Link ? peer : first;
            next = peer.Link > last && (next is null || peer.Link < next.Link) ? peer : next;
        }

        return (next ?? first) is { } chosen ? _turns[service] = chosen.Link : 0;
    }

    /// <summary>The links to all instances of a service that can be called.</summary>
    public IReadOnlyList<(NodeId Node, long Link)> Callable(string service) =>
        [.. _peers.Values.Where(p => p.Link != 0 && p.Health == PeerHealth.Alive && p.Find(service) is { IsActive: true })
            .OrderBy(p => p.Identity.Id).Select(p => (p.Identity.Id, p.Link))];

    private static (bool, ulong, bool, NodeId) Rank(Peer peer, ulong fence, long followed) =>
        (peer.Health == PeerHealth.Alive, fence, peer.Link == followed, peer.Identity.Id);

    private void SetHealth(Peer peer, PeerHealth health, string reason)
    {
        if (peer.Health == health)
        {
            return;
        }

        _hasChanged = true;
        (peer.Health, peer.Reason) = (health, reason);
        if (peer.Identity != self)
        {
            outbox.Tell(new PeerChanged(peer.Identity, health, reason));
        }
    }

    private sealed class SameInstance : IEqualityComparer<ServiceEntry>
    {
        public static SameInstance Comparer { get; } = new();

        public bool Equals(ServiceEntry? x, ServiceEntry? y) =>
            x is not null && y is not null && (x.Service, x.Start, x.IsActive, x.Fence) == (y.Service, y.Start, y.IsActive, y.Fence);

        public int GetHashCode(ServiceEntry entry) => StringComparer.Ordinal.GetHashCode(entry.Service);
    }

    private void Remove(Peer peer, PeerHealth health, string reason)
    {
        _peers.Remove(peer.Identity.Id);
        SetHealth(peer, health, reason);
    }
}

/// <summary>Another node, as this one sees it.</summary>
internal sealed class Peer(NodeIdentity identity)
{
    public NodeIdentity Identity => identity;

    /// <summary>The link to it; 0 when there is none.</summary>
    public long Link { get; set; }

    public PeerRole Role { get; set; } = PeerRole.Unrestricted;

    public PeerHealth Health { get; set; } = PeerHealth.Dead;

    public string Reason { get; set; } = "";

    public TimeSpan HeardAt { get; set; }

    public bool HasLeft { get; set; }

    public IReadOnlyList<ServiceEntry> Services { get; set; } = [];

    public ServiceEntry? Find(string service)
    {
        // Asked for each call: a loop costs nothing, a query its closure.
        for (var i = 0; i < Services.Count; i++)
        {
            if (Services[i].Service == service)
            {
                return Services[i];
            }
        }

        return null;
    }
}
