using System.Text.Json.Serialization.Metadata;

namespace Congress.Bus;

/// <summary>A method that a service answers: its name, and how argument and result are written. Both sides share one.</summary>
/// <typeparam name="TRequest">The argument.</typeparam>
/// <typeparam name="TResult">The result.</typeparam>
/// <param name="Name">The name, distinct within the service.</param>
/// <param name="Request">From a source-generated <c>JsonSerializerContext</c>.</param>
/// <param name="Result">The same for the result.</param>
public sealed record ServiceMethod<TRequest, TResult>(string Name, JsonTypeInfo<TRequest> Request, JsonTypeInfo<TResult> Result);

/// <summary>How a call is made.</summary>
public sealed record CallOptions
{
    /// <summary>What is taken when a caller says nothing.</summary>
    public static CallOptions Default { get; } = new();

    /// <summary>How long to wait in all, repetitions included; 1 ms to an hour.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Makes repetitions safe: the service does what calls of one node with one key ask for once. With a key an attempt is given
    /// 2 seconds, and repeated until <see cref="Timeout"/>. At most 200 characters; null for none.</summary>
    public string? IdempotencyKey { get; init; }
}

/// <summary>Who calls.</summary>
/// <param name="Caller">The calling node.</param>
/// <param name="Attempt">Which attempt of it this is, from 1.</param>
/// <param name="IdempotencyKey">The key of the call, or empty.</param>
public readonly record struct CallContext(Data.NodeId Caller, int Attempt, string IdempotencyKey);

/// <summary>Calls services by name, wherever they run: in this process without a bus, on this node, or on another.</summary>
public interface IServiceCalls
{
    /// <summary>Calls a service. Of several instances this node's own is called, or they take turns.</summary>
    /// <exception cref="MessagingTimeoutException">No answer in time; the outcome is unknown.</exception>
    /// <exception cref="RemoteErrorException">The method threw.</exception>
    /// <exception cref="MessageDeliveryFailureException">The call could not be sent in time.</exception>
    /// <exception cref="ServiceNotFoundException">No node runs the service.</exception>
    /// <exception cref="InvalidCallException">The service has no such method, or it takes another argument.</exception>
    /// <exception cref="CallForbiddenException">The role of this node does not allow it.</exception>
    /// <exception cref="ServiceOverloadedException">The service, or this node, has too much to do.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up; the service is told, the outcome is unknown.</exception>
    Task<TResult> CallAsync<TRequest, TResult>(
        string service, ServiceMethod<TRequest, TResult> method, TRequest request, CallOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Calls every instance of a service that is alive.</summary>
    /// <returns>The result or the failure of each, by node.</returns>
    /// <exception cref="ServiceNotFoundException">No node runs the service.</exception>
    Task<IReadOnlyList<BroadcastResult<TResult>>> BroadcastAsync<TRequest, TResult>(
        string service, ServiceMethod<TRequest, TResult> method, TRequest request, CallOptions? options = null, CancellationToken cancellationToken = default);
}

/// <summary>What one instance of a service has answered to a broadcast.</summary>
/// <param name="Node">Where it runs.</param>
/// <param name="Result">The result, when there is one.</param>
/// <param name="Failure">What went wrong otherwise.</param>
public sealed record BroadcastResult<TResult>(Data.NodeId Node, TResult? Result, BusException? Failure);
