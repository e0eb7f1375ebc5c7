namespace Congress.Policies.Listening;

/// <summary>Somebody who is told of every change.</summary>
internal abstract class Listener
{
    /// <summary>Takes from a change what is of interest, before it is committed.</summary>
    /// <returns>What to do once it is committed, still before the next change; null for nothing. It must not call out.</returns>
    public abstract Action? Collect(ChangeNotice notice);

    /// <summary>Calls out, when nothing is locked.</summary>
    public virtual void Deliver()
    {
    }

    /// <summary>Ends it, as the engine ends.</summary>
    public virtual void Close()
    {
    }
}
