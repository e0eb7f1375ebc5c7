namespace Congress.Policies;

/// <summary>Tells of a handler that failed, or that was too slow to be told everything.</summary>
/// <param name="handler">What the handler is registered for.</param>
/// <param name="exception">What it threw; null when it was too slow.</param>
/// <param name="message">What happened.</param>
public sealed class HandlerFailedEventArgs(string handler, Exception? exception, string message) : EventArgs
{
    /// <summary>What the handler is registered for: a table, or an action.</summary>
    public string Handler => handler;

    /// <summary>What it threw; null when it was too slow.</summary>
    public Exception? Exception => exception;

    /// <summary>What happened.</summary>
    public string Message => message;
}
