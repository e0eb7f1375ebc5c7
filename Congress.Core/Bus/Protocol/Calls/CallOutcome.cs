namespace Congress.Bus.Protocol.Calls;

/// <summary>How a call has ended.</summary>
/// <param name="Result">The result, when there is one.</param>
/// <param name="Failure">Otherwise what went wrong.</param>
/// <param name="Type">The type of the exception at the service, for <see cref="CallFailure.Remote"/>.</param>
/// <param name="Message">What it says.</param>
/// <param name="RetryAfter">When it may be worth trying again; zero says nothing.</param>
internal sealed record CallOutcome(Payload? Result, CallFailure Failure = CallFailure.None, string Type = "", string Message = "", TimeSpan RetryAfter = default);

/// <summary>What went wrong with a call.</summary>
internal enum CallFailure
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The method threw.</summary>
    Remote,

    /// <summary>No node runs the service.</summary>
    NoService,

    /// <summary>The service has no such method.</summary>
    NoMethod,

    /// <summary>The argument is not what the method takes.</summary>
    BadArgument,

    /// <summary>This node's role does not allow it.</summary>
    Forbidden,

    /// <summary>The service, or this node, has too much to do. Nothing was begun.</summary>
    Overloaded,

    /// <summary>It could not be sent in time. Nothing was begun.</summary>
    NotDelivered,

    /// <summary>No answer in time, or the link was lost: the outcome is unknown.</summary>
    TimedOut,

    /// <summary>The caller gave up.</summary>
    Cancelled,
}
