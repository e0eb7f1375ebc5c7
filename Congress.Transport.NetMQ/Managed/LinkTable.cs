using System.Collections.Concurrent;
using Congress.Data;

namespace Congress.Transport.NetMQ.Managed;

/// <summary>The one link that each peer has.</summary>
internal sealed class LinkTable
{
    private readonly ConcurrentDictionary<NodeId, ManagedLink> _links = new();

    /// <summary>Puts a link in the place of its peer.</summary>
    /// <returns>The link that it replaces, which has to end first.</returns>
    public ManagedLink? Claim(ManagedLink link)
    {
        while (true)
        {
            if (_links.TryAdd(link.Peer.Id, link))
            {
                return null;
            }

            if (_links.TryGetValue(link.Peer.Id, out var previous) && _links.TryUpdate(link.Peer.Id, link, previous))
            {
                return previous;
            }
        }
    }

    /// <summary>Takes a link out, unless another has taken its place.</summary>
    public void Release(ManagedLink link) => _links.TryRemove(new(link.Peer.Id, link));
}
