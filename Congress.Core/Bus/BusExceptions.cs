using Congress.Diagnostics;

namespace Congress.Bus;

/// <summary>The family of what can go wrong between services.</summary>
public abstract class BusException : CongressException
{
    private protected BusException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}

/// <summary>No answer in time, or the link was lost on the way: whether the service did what was asked is unknown.</summary>
public sealed class MessagingTimeoutException : BusException
{
    internal MessagingTimeoutException(string message)
        : base(message)
    {
    }
}

/// <summary>The method threw at the service.</summary>
public sealed class RemoteErrorException : BusException
{
    internal RemoteErrorException(string remoteType, string message, string remoteMessage, Exception? inner = null)
        : base(message, inner) => (RemoteType, RemoteMessage) = (remoteType, remoteMessage);

    /// <summary>The name of the exception's type there, as a text: nothing is loaded by it. A type with several failures adds which.</summary>
    public string RemoteType { get; }

    /// <summary>The exception's message there.</summary>
    public string RemoteMessage { get; }
}

/// <summary>The call could not be sent in time; the service has not seen it.</summary>
public sealed class MessageDeliveryFailureException : BusException
{
    internal MessageDeliveryFailureException(string message)
        : base(message)
    {
    }
}

/// <summary>No node runs the service.</summary>
public sealed class ServiceNotFoundException : BusException
{
    internal ServiceNotFoundException(string message)
        : base(message)
    {
    }
}

/// <summary>The service has no such method, or the method takes another argument. Nothing was begun.</summary>
public sealed class InvalidCallException : BusException
{
    internal InvalidCallException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}

/// <summary>What a service has to say does not fit into a message; its caller sees this as a <see cref="RemoteErrorException"/>. What was to be done is done.</summary>
public sealed class AnswerTooLargeException : BusException
{
    internal AnswerTooLargeException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}

/// <summary>The role of this node does not allow it.</summary>
public sealed class CallForbiddenException : BusException
{
    internal CallForbiddenException(string message)
        : base(message)
    {
    }
}

/// <summary>The service, or this node, has too much to do. Nothing was begun.</summary>
public sealed class ServiceOverloadedException : BusException
{
    internal ServiceOverloadedException(string message, TimeSpan retryAfter)
        : base(message) => RetryAfter = retryAfter;

    /// <summary>When it may be worth trying again.</summary>
    public TimeSpan RetryAfter { get; }
}

/// <summary>Another living process has this node's name.</summary>
public sealed class NodeNameTakenException : BusException
{
    internal NodeNameTakenException(string message)
        : base(message)
    {
    }
}
