using System.Text.Json;
using Congress.Bus.Protocol;
using Congress.Bus.Protocol.Calls;
using Congress.Data;

namespace Congress.Bus;

/// <summary>The calls that go out from a node, and those that come in for its services.</summary>
public sealed partial class DseNode
{
    private readonly Dictionary<ulong, WaitingCall> _calls = [];
    private readonly Dictionary<ulong, ServiceHost> _working = [];

    /// <inheritdoc/>
    public Task<TResult> CallAsync<TRequest, TResult>(
        string service, ServiceMethod<TRequest, TResult> method, TRequest request, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        CallAsync(service, method, RequestOf(service, method, request, options), options, null, cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<BroadcastResult<TResult>>> BroadcastAsync<TRequest, TResult>(
        string service, ServiceMethod<TRequest, TResult> method, TRequest request, CallOptions? options = null, CancellationToken cancellationToken = default)
    {
        var call = RequestOf(service, method, request, options);
        IReadOnlyList<(NodeId Node, long Link)> instances;
        lock (_gate)
        {
            instances = _protocol.Membership.Callable(service);
        }

        if (instances.Count == 0)
        {
            throw new ServiceNotFoundException($"no node runs service '{service}'");
        }

        return await Task.WhenAll(instances.Select(async instance =>
        {
            try
            {
                return new BroadcastResult<TResult>(instance.Node, await CallAsync(service, method, call, options, instance.Link, cancellationToken).ConfigureAwait(false), null);
            }
            catch (BusException failure)
            {
                return new BroadcastResult<TResult>(instance.Node, default, failure);
            }
        })).ConfigureAwait(false);
    }

    internal void Complete(ulong token, Frame result) => Step(static (node, step, now) =>
    {
        node._working.Remove(step.token);
        node._protocol.Server.Complete(step.token, step.result, now);
    }, (token, result));

    private static Call RequestOf<TRequest, TResult>(string service, ServiceMethod<TRequest, TResult> method, TRequest request, CallOptions? options)
    {
        ArgumentException.ThrowIfNullOrEmpty(service);
        ArgumentNullException.ThrowIfNull(method);
        var (timeout, key) = ((options ?? CallOptions.Default).Timeout, options?.IdempotencyKey ?? "");
        ArgumentOutOfRangeException.ThrowIfLessThan(timeout, TimeSpan.FromMilliseconds(1), nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(timeout, TimeSpan.FromHours(1), nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(key.Length, 200, nameof(options));
        return new(0, service, method.Name, Payload.Of(request, method.Request), 0, 0, key);
    }

    private async Task<TResult> CallAsync<TRequest, TResult>(
        string service, ServiceMethod<TRequest, TResult> method, Call request, CallOptions? options, long? link, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var end = new WaitingCall();
        ulong id;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isOver, this);
            id = _protocol.Calls.Begin(request, (options ?? CallOptions.Default).Timeout, link, Now);
            _calls.Add(id, end);
            Settle();
        }

        Send();
        using var cancellation = cancellationToken.UnsafeRegister(
            static state => (((DseNode, ulong))state!).Item1.CancelCall((((DseNode, ulong))state).Item2), cancellationToken.CanBeCanceled ? (this, id) : null);
        var outcome = await end.Task.ConfigureAwait(false);
        if (outcome.Result is not { } result)
        {
            throw Failure(service, method.Name, outcome, cancellationToken);
        }

        try
        {
            return result.Read(method.Result);
        }
        catch (JsonException exception)
        {
            throw new InvalidCallException($"'{service}.{method.Name}' answered something else than {typeof(TResult).Name}: {exception.Message}", exception);
        }
    }

    private void CancelCall(ulong id) => Step(static (node, call, _) => node._protocol.Calls.Cancel(call), id);

    private static Exception Failure(string service, string method, CallOutcome outcome, CancellationToken cancellationToken)
    {
        var message = $"{service}.{method}: {outcome.Message}";
        return outcome.Failure switch
        {
            CallFailure.Remote => new RemoteErrorException(outcome.Type, message, outcome.Message),
            CallFailure.NoService => new ServiceNotFoundException(message),
            CallFailure.NoMethod or CallFailure.BadArgument => new InvalidCallException(message),
            CallFailure.Forbidden => new CallForbiddenException(message),
            CallFailure.Overloaded => new ServiceOverloadedException(message, outcome.RetryAfter),
            CallFailure.NotDelivered => new MessageDeliveryFailureException(message),
            CallFailure.Cancelled => new OperationCanceledException(message, cancellationToken),
            _ => new MessagingTimeoutException(message),
        };
    }

    private void End(CallEnded ended)
    {
        // A call that ends as it begins is not in the list yet.
        if (_calls.Remove(ended.Id, out var end))
        {
            End(end, ended.Outcome);
        }
    }

    private void End(WaitingCall call, CallOutcome outcome)
    {
        if (!call.TryGoOnHere(outcome))
        {
            Wake(call);
        }
    }

    private void Arrived(CallArrived arrived)
    {
        if (_hosts.TryGetValue(arrived.Call.Service, out var host) && host.TryTake(arrived))
        {
            _working.Add(arrived.Token, host);
            return;
        }

        _protocol.Server.Complete(arrived.Token, new Fault(0, FaultKind.Overloaded, "", $"service '{arrived.Call.Service}' has {_options.MailboxLength} calls waiting", 500), Now);
    }

    private void Abandoned(ulong token)
    {
        if (_working.Remove(token, out var host))
        {
            host.Abandon(token);
        }
    }

    /// <summary>Who waits for the outcome of a call, and goes on with the thread that has answered it, or with one of the pool.</summary>
    private sealed class WaitingCall : IThreadPoolWorkItem
    {
        private readonly TaskCompletionSource<CallOutcome> _end = new();
        private CallOutcome _outcome = null!;

        public Task<CallOutcome> Task => _end.Task;

        /// <summary>Has it go on with this thread later, when that answers a call and has nothing more to do. Otherwise it is to be queued. Once.</summary>
        public bool TryGoOnHere(CallOutcome outcome)
        {
            _outcome = outcome;
            return ServiceLife.Current?.TryGive(this) == true;
        }

        void IThreadPoolWorkItem.Execute() => _end.TrySetResult(_outcome);
    }
}
