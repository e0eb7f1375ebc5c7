using System.Diagnostics;
using Congress.Bus;
using Congress.Bus.Protocol;
using Congress.Data;

namespace Congress.Tests.Transports;

/// <summary>A node that writes down what its transport tells, and checks that it tells it in a proper order.</summary>
internal sealed class RecordingNode(string name, ulong incarnation) : IBusReceiver
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Lock _gate = new();
    private readonly Dictionary<IBusLink, List<Frame>> _links = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<NodeId, IBusLink> _up = [];
    private readonly List<string> _mistakes = [];
    private int _upCount;
    private readonly List<(IBusLink Link, string Reason)> _downs = [];
    private readonly List<(NodeId Peer, string Reason)> _refusals = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public NodeIdentity Identity { get; } = new(new(name), incarnation);

    /// <summary>Decides whom the node admits.</summary>
    public Func<NodeIdentity, string?> Admission { get; set; } = _ => null;

    /// <summary>Runs for each frame, on the transport's thread.</summary>
    public Action<IBusLink, Frame> OnFrame { get; set; } = (_, _) => { };

    /// <summary>Whether links that are down are forgotten with their frames.</summary>
    public bool Forgets { get; set; }

    public IReadOnlyList<string> Mistakes => Read(() => _mistakes.ToArray());

    public IReadOnlyList<(IBusLink Link, string Reason)> Downs => Read(() => _downs.ToArray());

    public IReadOnlyList<(NodeId Peer, string Reason)> Refusals => Read(() => _refusals.ToArray());

    /// <summary>The links that are up.</summary>
    public IReadOnlyList<IBusLink> Links => Read(() => _up.Values.ToArray());

    public int UpCount => Read(() => _upCount);

    public IReadOnlyList<Frame> FramesOf(IBusLink link) => Read(() => _links[link].ToArray());

    public int CountOf(IBusLink link) => Read(() => _links[link].Count);

    /// <summary>All frames of a peer, over all its links.</summary>
    public IReadOnlyList<Frame> FramesOf(string peer) => Read(() => _links.Where(l => l.Key.Peer.Id.Value == peer).SelectMany(l => l.Value).ToArray());

    public string? Admit(NodeIdentity peer) => Admission(peer);

    public void LinkUp(IBusLink link) => Change(() =>
    {
        _upCount++;
        if (!_links.TryAdd(link, []))
        {
            _mistakes.Add($"{link.Peer} is told up twice");
        }

        if (!_up.TryAdd(link.Peer.Id, link))
        {
            _mistakes.Add($"{link.Peer} is told up while it is up");
        }
    });

    public void Received(IBusLink link, Frame frame)
    {
        OnFrame(link, frame);
        Change(() =>
        {
            if (IsUp(link))
            {
                _links[link].Add(frame);
            }
            else
            {
                _mistakes.Add($"{frame} of {link.Peer} comes while it is not up");
            }
        });
    }

    public void LinkDown(IBusLink link, string reason) => Change(() =>
    {
        if (IsUp(link))
        {
            _up.Remove(link.Peer.Id);
        }
        else
        {
            _mistakes.Add($"{link.Peer} is told down while it is not up");
        }

        if (Forgets)
        {
            _links.Remove(link);
        }
        else
        {
            _downs.Add((link, reason));
        }
    });

    public void Refused(NodeId peer, string reason) => Change(() => _refusals.Add((peer, reason)));

    /// <summary>The link with a peer, when it is up.</summary>
    public async Task<IBusLink> LinkWithAsync(string peer)
    {
        IBusLink? link = null;
        await UntilAsync(() => (link = Links.FirstOrDefault(l => l.Peer.Id.Value == peer)) is not null, $"a link with {peer}");
        return link!;
    }

    /// <summary>Waits until something holds.</summary>
    public async Task UntilAsync(Func<bool> condition, string what)
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            var changed = Read(() => _changed.Task);
            if (condition())
            {
                return;
            }

            if (Stopwatch.GetElapsedTime(start) > Patience)
            {
                Assert.Fail($"{Identity} waits in vain for {what}; up: {string.Join(", ", Links.Select(l => l.Peer))}; "
                    + $"down: {string.Join(", ", Downs.Select(d => $"{d.Link.Peer}: {d.Reason}"))}; refused: {string.Join(", ", Refusals)}; wrong: {string.Join(", ", Mistakes)}");
            }

            await Task.WhenAny(changed, Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System));
        }
    }

    private bool IsUp(IBusLink link) => _up.TryGetValue(link.Peer.Id, out var up) && up == link;

    private T Read<T>(Func<T> read)
    {
        lock (_gate)
        {
            return read();
        }
    }

    private void Change(Action change)
    {
        lock (_gate)
        {
            change();
            _changed.TrySetResult();
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
