using Congress.Bus.Protocol;
using Congress.Data;
using Congress.Diagnostics;

namespace Congress.Bus;

/// <summary>Calls services in this process with no bus at all: for programs that need none, and for tests of whoever calls.</summary>
/// <remarks>The same JSON, deadlines and exceptions as over the bus. Services are given before the first call.</remarks>
public sealed class LocalCalls(TimeProvider? time = null) : IServiceCalls
{
    private static readonly NodeId Here = new("local");

    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly Dictionary<string, ServiceMethods> _services = new(StringComparer.Ordinal);

    /// <summary>Adds a service.</summary>
    /// <exception cref="ArgumentException">There is one of that name already.</exception>
    public LocalCalls Add(string service, ServiceMethods methods)
    {
        ArgumentException.ThrowIfNullOrEmpty(service);
        ArgumentNullException.ThrowIfNull(methods);
        return _services.TryAdd(service, methods) ? this : throw new ArgumentException($"there is a service '{service}' already", nameof(service));
    }

    /// <inheritdoc/>
    public async Task<TResult> CallAsync<TRequest, TResult>(
        string service, ServiceMethod<TRequest, TResult> method, TRequest request, CallOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(method);
        options ??= CallOptions.Default;
        if (!_services.TryGetValue(service, out var methods))
        {
            throw new ServiceNotFoundException($"no service '{service}' is here");
        }

        using var deadline = new CancellationTokenSource(options.Timeout, _time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            var answer = methods.AnswerAsync(
                method.Name, Payload.Of(request, method.Request), new(Here, 1, options.IdempotencyKey ?? ""), stop.Token).AsTask();
            return (await answer.WaitAsync(stop.Token).ConfigureAwait(false)).Read(method.Result);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new MessagingTimeoutException($"no answer from '{service}.{method.Name}' within {options.Timeout.TotalSeconds} s");
        }
        catch (Exception exception) when (exception is not (InvalidCallException or OperationCanceledException))
        {
            throw new RemoteErrorException(CongressException.NameOf(exception), $"{service}.{method.Name}: {exception.Message}", exception.Message, exception);
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<BroadcastResult<TResult>>> BroadcastAsync<TRequest, TResult>(
        string service, ServiceMethod<TRequest, TResult> method, TRequest request, CallOptions? options = null, CancellationToken cancellationToken = default)
    {
        try
        {
            return [new(Here, await CallAsync(service, method, request, options, cancellationToken).ConfigureAwait(false), null)];
        }
        catch (BusException failure) when (failure is not ServiceNotFoundException)
        {
            return [new(Here, default, failure)];
        }
    }
}
