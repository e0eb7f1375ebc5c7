namespace Congress.Bus.Protocol;

/// <summary>Asks a service for something.</summary>
/// <param name="Id">The caller's number for it, distinct among those of its node's incarnation.</param>
/// <param name="Service">The service.</param>
/// <param name="Method">The method.</param>
/// <param name="Request">The argument.</param>
/// <param name="Deadline">How long the caller waits from now, in milliseconds.</param>
/// <param name="Attempt">Which attempt, from 1.</param>
/// <param name="Key">What makes repetitions one: a call with the key of an earlier one joins it. Empty: none.</param>
internal sealed record Call(ulong Id, string Service, string Method, Payload Request, uint Deadline, uint Attempt, string Key) : Frame;

/// <summary>The result of a <see cref="Call"/>.</summary>
internal sealed record Answer(ulong Id, Payload Result) : Frame;

/// <summary>Why a <see cref="Call"/> has no result.</summary>
/// <param name="Id">The call.</param>
/// <param name="Kind">What failed.</param>
/// <param name="Type">The name of the exception's type at the service; a text and nothing else.</param>
/// <param name="Message">What it says.</param>
/// <param name="RetryAfter">When it may be worth trying again, in milliseconds; 0 says nothing.</param>
internal sealed record Fault(ulong Id, FaultKind Kind, string Type, string Message, uint RetryAfter) : Frame;

/// <summary>The caller waits no longer.</summary>
internal sealed record Cancel(ulong Id) : Frame;

/// <summary>Why a call has no result.</summary>
internal enum FaultKind : byte
{
    /// <summary>The method threw.</summary>
    Thrown = 1,

    /// <summary>The node has no such service, or it is not active.</summary>
    NoService = 2,

    /// <summary>The service has no such method.</summary>
    NoMethod = 3,

    /// <summary>The argument is not what the method takes.</summary>
    BadArgument = 4,

    /// <summary>The service has too much to do; nothing was begun.</summary>
    Overloaded = 5,

    /// <summary>The caller's role does not allow it.</summary>
    Forbidden = 6,

    /// <summary>The deadline passed at the service.</summary>
    DeadlineExceeded = 7,
}
