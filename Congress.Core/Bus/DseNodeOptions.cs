using Congress.Bus.Protocol;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Congress.Bus;

/// <summary>How a node behaves. The defaults are meant to be left alone.</summary>
public sealed record DseNodeOptions
{
    /// <summary>The clock. Only times that pass are read from it, never the hour.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where the node says what happens.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>How long a starting node waits for the first peer, so that a name that is taken is found out at once.</summary>
    public TimeSpan JoinTime { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a node that stops lets calls finish, and as long again for subscribers to catch up.</summary>
    public TimeSpan ShutdownTime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The first wait before a failed service is started again; it doubles each time.</summary>
    public TimeSpan MinBackoff { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest such wait.</summary>
    public TimeSpan MaxBackoff { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a handler may go on after its call's deadline before its service counts as hung and is started anew.</summary>
    public TimeSpan HangTime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The most calls that wait for one service; more are refused as overload.</summary>
    public int MailboxLength { get; init; } = 1024;

    /// <summary>The times and bounds of the protocol.</summary>
    internal ProtocolSettings Protocol { get; init; } = new();
}

/// <summary>How a service is run.</summary>
public sealed record ServiceOptions
{
    /// <summary>With a lease only the node that holds it runs the service; the others stand by. Null: every node that has it runs it.</summary>
    public ILease? SingleOwner { get; init; }

    /// <summary>For how long the lease is held; it is renewed three times as often.</summary>
    public TimeSpan LeaseTime { get; init; } = TimeSpan.FromSeconds(9);
}
