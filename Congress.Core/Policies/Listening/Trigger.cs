using Congress.Data;

namespace Congress.Policies.Listening;

/// <summary>Calls back with the net change of a table, once for each change of the engine that changes it.</summary>
internal sealed class Trigger(TableName table, Action<TableUpdate> callback, Action<HandlerFailedEventArgs> fail)
    : Handler<TableUpdate>(table.ToString(), callback, fail)
{
    public override Action? Collect(ChangeNotice notice) => notice.Of(table) is { } update ? () => Add(update) : null;

    /// <summary>Nothing is lost: what waits becomes one change.</summary>
    protected override void MakeRoom()
    {
        var all = Waiting.Aggregate((first, next) => first.Then(next));
        Waiting.Clear();
        Waiting.Add(all);
    }
}

/// <summary>Calls back for each new occurrence of the calls of an action.</summary>
internal sealed class ActionHandler(string? action, Action<ActionCall> callback, Action<HandlerFailedEventArgs> fail)
    : Handler<ActionCall>(action ?? "all actions", callback, fail)
{
    private int _dropped;   // and not told yet

    public override Action? Collect(ChangeNotice notice)
    {
        var calls = notice.Actions.Requested.Where(c => action is null || c.Name == action).ToArray();
        return calls.Length == 0 ? null : () => Array.ForEach(calls, Add);
    }

    public override void Deliver()
    {
        if (Interlocked.Exchange(ref _dropped, 0) is > 0 and var dropped)
        {
            Fail($"{dropped} calls were dropped, as the handler does not keep up");
        }

        base.Deliver();
    }

    /// <summary>Memory is bounded: the oldest half of what waits is dropped, and that is told as soon as nothing is locked.</summary>
    protected override void MakeRoom()
    {
        var dropped = Waiting.Count / 2;
        Waiting.RemoveRange(0, dropped);
        Interlocked.Add(ref _dropped, dropped);
    }
}
