namespace Congress.Tests.Simulation;

/// <summary>What is to happen, by time and then in the order in which it was asked for. Nothing takes any time by itself.</summary>
internal sealed class VirtualTime
{
    private readonly PriorityQueue<Action, (long At, long Order)> _queue = new();
    private long _order;

    public TimeSpan Now { get; private set; }

    public void At(TimeSpan time, Action action) => _queue.Enqueue(action, (Math.Max(time.Ticks, Now.Ticks), _order++));

    public void After(TimeSpan time, Action action) => At(Now + time, action);

    /// <summary>Lets everything happen up to a time.</summary>
    public void RunUntil(TimeSpan end)
    {
        while (_queue.TryPeek(out _, out var next) && next.At <= end.Ticks)
        {
            var action = _queue.Dequeue();
            Now = TimeSpan.FromTicks(next.At);
            action();
        }

        Now = end;
    }
}
