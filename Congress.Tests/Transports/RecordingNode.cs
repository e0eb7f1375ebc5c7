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
    private readonly List<string> _mistakes = [];
    private readonly List<(IBusLink Link, string Reason)> _downs = [];
    private readonly List<(NodeId Peer, string Reason)> _refusals = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public NodeIdentity Identity { get; } = new(new(name), incarnation);

    /// <summary>Decides whom the node admits.</summary>
    public Func<NodeIdentity, string?> Admission { get; set; } = _ => null;

    /// <summary>Runs for each frame, on the transport's thread.</summary>
    public Action<IBusLink, Frame> OnFrame { get; set; } = (_, _) => { };

    /// <summary>Whether frames are kept.</summary>
    public bool Keeps { get; init; } = true;

    public IReadOnlyList<string> Mistakes => Read(() => _mistakes.ToArray());

    public IReadOnlyList<(IBusLink Link, string Reason)> Downs => Read(() => _downs.ToArray());

    public IReadOnlyList<(NodeId Peer, string Reason)> Refusals => Read(() => _refusals.ToArray());

    /// <summary>The links that are up.</summary>
    public IReadOnlyList<IBusLink> Links => Read(() => _links.Keys.Where(l => _downs.TrueForAll(d => d.Link != l)).ToArray());

    public int UpCount => Read(() => _links.Count);

    public IReadOnlyList<Frame> FramesOf(IBusLink link) => Read(() => _links[link].ToArray());

    public int CountOf(IBusLink link) => Read(() => _links[link].Count);

    /// <summary>All frames of a peer, over all its links.</summary>
    public IReadOnlyList<Frame> FramesOf(string peer) => Read(() => _links.Where(l => l.Key.Peer.Id.Value == peer).SelectMany(l => l.Value).ToArray());

    public string? Admit(NodeIdentity peer) => Admission(peer);

    public void LinkUp(IBusLink link) => Change(() =>
    {
        if (!_links.TryAdd(link, []))
        {
            _mistakes.Add($"{link.Peer} is told up twice");
        }

        if (_links.Keys.Any(l => l != link && l.Peer.Id == link.Peer.Id && _downs.TrueForAll(d => d.Link != l)))
        {
            _mistakes.Add($"{link.Peer} is told up while it is up");
        }
    });

    public void Received(IBusLink link, Frame frame)
    {
        OnFrame(link, frame);
        Change(() =>
        {
            if (!_links.TryGetValue(link, out var frames) || _downs.Exists(d => d.Link == link))
            {
                _mistakes.Add($"{frame} of {link.Peer} comes while it is not up");
            }
            else if (Keeps)
            {
                frames.Add(frame);
            }
        });
    }

    public void LinkDown(IBusLink link, string reason) => Change(() =>
    {
        if (!_links.ContainsKey(link) || _downs.Exists(d => d.Link == link))
        {
            _mistakes.Add($"{link.Peer} is told down while it is not up");
        }

        _downs.Add((link, reason));
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
