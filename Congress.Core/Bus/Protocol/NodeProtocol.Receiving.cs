using Congress.Data;

namespace Congress.Bus.Protocol;

/// <summary>What the frames of peers do.</summary>
internal sealed partial class NodeProtocol
{
    /// <summary>A frame has come.</summary>
    public void Received(long link, Frame frame, TimeSpan now)
    {
        if (!_links.Contains(link) || Membership.Find(link) is not { } peer)
        {
            return;   // of a link that is gone
        }

        switch (frame)
        {
            case Deltas deltas:
                _followers.GetValueOrDefault(deltas.Subscription)?.OnDeltas(link, deltas, now);
                RetargetIfStarted(deltas.Subscription, now);
                break;
            case SnapshotChunk chunk:
                _followers.GetValueOrDefault(chunk.Subscription)?.OnChunk(link, chunk, now);
                RetargetIfStarted(chunk.Subscription, now);
                break;
            case Ack ack:
                Publisher.OnAck(link, ack);
                break;
            case Call call:
                OnCall(link, peer, call, now);
                break;
            case Answer answer:
                Calls.OnAnswer(link, answer);
                break;
            case Fault fault:
                Calls.OnFault(link, fault, now);
                break;
            case Cancel cancel:
                Server.OnCancel(link, cancel.Id);
                break;
            case Heartbeat heartbeat:
                OnHeartbeat(link, peer, heartbeat, now);
                break;
            case Subscribe subscribe when !peer.Role.MaySubscribe(subscribe.Table.Policy):
                Outbox.Send(link, new SubscribeRefused(subscribe.Subscription, subscribe.Generation, $"the role of node '{peer.Identity.Id}' does not allow it to follow '{subscribe.Table}'"));
                break;
            case Subscribe subscribe:
                Publisher.OnSubscribe(link, subscribe);
                break;
            case SubscribeRefused refused:
                _followers.GetValueOrDefault(refused.Subscription)?.OnRefused(link, refused, now);
                break;
            case Unsubscribe unsubscribe:
                Publisher.OnUnsubscribe(link, unsubscribe.Subscription);
                break;
            case Bye:
                Membership.OnBye(peer);
                Outbox.Send(link, new ByeAck());
                Retarget(now);
                break;
            case ByeAck:
                Outbox.Tell(new LinkCondemned(link, "both sides have said goodbye"));
                break;
        }
    }

    /// <summary>The transport did not take a frame.</summary>
    public void NotSent(long link, Frame frame, TimeSpan now)
    {
        // Everything else is asked for again by whoever misses it.
        if (frame is Call call)
        {
            Calls.OnNotSent(link, call.Id, now);
        }
    }

    private void OnCall(long link, Peer peer, Call call, TimeSpan now)
    {
        var service = _services.GetValueOrDefault(call.Service);
        if (!peer.Role.MayCall(call.Service))
        {
            Refuse(FaultKind.Forbidden, $"the role of node '{peer.Identity.Id}' does not allow it to call service '{call.Service}'");
        }
        else if (service is not { IsActive: true } || _isLeaving)
        {
            Refuse(FaultKind.NoService, service is null ? $"service '{call.Service}' does not run on node '{_self.Id}'" : $"service '{call.Service}' is not ready on node '{_self.Id}'");
        }
        else if (!service.Methods.Contains(call.Method, StringComparer.Ordinal))
        {
            Refuse(FaultKind.NoMethod, $"service '{call.Service}' has no method '{call.Method}'; it has {(service.Methods.Count == 0 ? "none" : string.Join(", ", service.Methods))}");
        }
        else
        {
            Server.OnCall(link, peer.Identity.Id, call, now);
        }

        void Refuse(FaultKind kind, string message) => Outbox.Send(link, new Fault(call.Id, kind, "", message, 0));
    }

    private void OnHeartbeat(long link, Peer peer, Heartbeat heartbeat, TimeSpan now)
    {
        if (peer.HasLeft)
        {
            return;
        }

        Membership.OnHeartbeat(peer, heartbeat, now);
        Retarget(now);
        var marks = heartbeat.Marks.DistinctBy(m => m.Subscription).ToDictionary(m => m.Subscription);
        foreach (var mark in heartbeat.Marks)
        {
            if (_followers.GetValueOrDefault(mark.Subscription)?.Link != link)
            {
                Outbox.Send(link, new Unsubscribe(mark.Subscription));   // it was not said, or got lost
            }
        }

        foreach (var follower in _followers.Values)
        {
            if (follower.Link == link)
            {
                follower.OnMark(link, marks.TryGetValue(follower.Id, out var mark) ? mark : null, now);
            }
        }
    }

    /// <summary>Rows of a new life of the publisher make the table current again.</summary>
    private void RetargetIfStarted(ulong subscription, TimeSpan now)
    {
        if (_followers.GetValueOrDefault(subscription) is { IsFresh: false, IsLive: true } follower)
        {
            Retarget(follower, now);
        }
    }
}
