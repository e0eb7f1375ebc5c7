using Congress.Actions;
using Congress.Bus;
using Congress.Datasources.Serving;
using Congress.Diagnostics;
using Congress.Policies.Catalog;
using Congress.Policies.Enforcement;
using Congress.Policies.Library;
using Congress.Policies.Serving;

namespace Congress.Api;

/// <summary>How the API calls services: what can go wrong between them becomes an error of the API.</summary>
/// <param name="calls">The bus, or what takes its place.</param>
/// <param name="timeout">How long a request may take.</param>
/// <param name="clock">The clock; the system's unless told otherwise.</param>
public sealed class ApiCalls(IServiceCalls calls, TimeSpan timeout, TimeProvider? clock = null)
{
    private const int Questions = 5;   // how often one that is refused is asked at most
    private const int Askings = 3;     // how many nodes are asked at most: the first that do not answer may stand still, and are suspected before the last is chosen

    private readonly TimeProvider _time = clock ?? TimeProvider.System;

    /// <summary>Calls a service.</summary>
    /// <param name="service">The service.</param>
    /// <param name="method">The method.</param>
    /// <param name="request">The argument.</param>
    /// <param name="key">What makes a repetition safe; null when it must not be made.</param>
    /// <param name="cancellationToken">The caller has gone.</param>
    /// <exception cref="ApiException">Whatever went wrong.</exception>
    public async Task<TResult> AskAsync<TRequest, TResult>(
        string service, ServiceMethod<TRequest, TResult> method, TRequest request, string? key = null, CancellationToken cancellationToken = default)
    {
        try
        {
            return await calls.CallAsync(service, method, request, new() { Timeout = timeout, IdempotencyKey = key }, cancellationToken).ConfigureAwait(false);
        }
        catch (RemoteErrorException exception)
        {
            throw Of(exception);
        }
        catch (ServiceNotFoundException exception)
        {
            // What every system has is away for a while; a datasource may not exist.
            throw service[0] == '_'
                ? new ApiException(ApiError.Unavailable, $"no node runs service {service}", inner: exception) { RetryAfter = TimeSpan.FromSeconds(1) }
                : new ApiException(ApiError.NotFoundThere, $"service '{service}' could not be found", inner: exception);
        }
        catch (ServiceOverloadedException exception)
        {
            throw new ApiException(ApiError.Unavailable, $"service {service} has too much to do", inner: exception) { RetryAfter = exception.RetryAfter };
        }
        catch (BusException exception) when (exception is MessagingTimeoutException or MessageDeliveryFailureException)
        {
            throw new ApiException(ApiError.Unavailable, $"service {service} did not answer in time; whether it did what was asked is not known, unless nothing was to be changed", inner: exception)
            {
                RetryAfter = TimeSpan.FromSeconds(1),
            };
        }
        catch (ArgumentException exception) when (exception.ParamName == "value")
        {
            throw new ApiException(ApiError.TooLarge, "what is asked for does not fit into a message of 4 MB; ask for it in parts", inner: exception);
        }
        catch (InvalidCallException exception)
        {
            throw new ApiException(ApiError.BadInput, $"Method {method.Name} not supported for datasource {service}", inner: exception);
        }
    }

    /// <summary>Policies and rules.</summary>
    /// <param name="method">The method.</param>
    /// <param name="request">The argument.</param>
    /// <param name="key">The request that changes something; null for a question.</param>
    /// <param name="cancellationToken">The caller has gone.</param>
    internal Task<TResult> AskEngineAsync<TRequest, TResult>(ServiceMethod<TRequest, TResult> method, TRequest request, string? key, CancellationToken cancellationToken) =>
        key is null ? QuestionAsync(EngineMethods.Service, method, request, cancellationToken) : AskAsync(EngineMethods.Service, method, request, key, cancellationToken);

    /// <summary>Asks what changes nothing, of a service that several nodes may have: again when the node ends in the middle of it, and another one besides when it takes
    /// its time, as it may stand still. The first answer counts.</summary>
    internal async Task<TResult> QuestionAsync<TRequest, TResult>(string service, ServiceMethod<TRequest, TResult> method, TRequest request, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            var asked = new List<Task<TResult>> { RepeatedAsync(service, method, request, over.Token) };
            for (var count = 1; ;)
            {
                var pause = Task.Delay(count < Askings ? timeout / 5 : Timeout.InfiniteTimeSpan, _time, over.Token);
                if (await Task.WhenAny([.. asked, pause]).ConfigureAwait(false) is not Task<TResult> ended)
                {
                    await pause.ConfigureAwait(false);   // or the caller has gone
                    asked.Add(RepeatedAsync(service, method, request, over.Token));
                    count++;
                }
                else if (ended.IsCompletedSuccessfully || asked is [_] || ended.Exception?.InnerException is ApiException { InnerException: ServiceNotFoundException })
                {
                    // Where there is nobody to ask any more, those that were asked before have gone.
                    return await ended.ConfigureAwait(false);
                }
                else
                {
                    asked.Remove(ended);
                }
            }
        }
        finally
        {
            await over.CancelAsync().ConfigureAwait(false);
        }
    }

    private async Task<TResult> RepeatedAsync<TRequest, TResult>(string service, ServiceMethod<TRequest, TResult> method, TRequest request, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var began = _time.GetTimestamp();
            try
            {
                return await AskAsync(service, method, request, null, cancellationToken).ConfigureAwait(false);
            }
            catch (ApiException exception) when (exception.Error == ApiError.Unavailable && attempt < Questions && _time.GetElapsedTime(began) < timeout / 4)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), _time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>The error that a service's failure means.</summary>
    private static ApiException Of(RemoteErrorException exception)
    {
        var (error, detail) = exception.RemoteType switch
        {
            var type when type == CatalogException.NameOf(CatalogFailure.PolicyExists) => (ApiError.Conflict, exception.RemoteMessage),
            var type when type == CatalogException.NameOf(CatalogFailure.NoPolicy) => (ApiError.NoPolicy, exception.RemoteMessage),
            var type when type == CatalogException.NameOf(CatalogFailure.RuleExists) => (ApiError.RuleExists, "(1008) Rule already exists"),
            var type when type == CatalogException.NameOf(CatalogFailure.NoRule) => (ApiError.NotFound, "Not found"),
            var type when type == CatalogException.NameOf(CatalogFailure.NotOneRule) => (ApiError.SeveralRules, exception.RemoteMessage),
            var type when type == CatalogException.NameOf(CatalogFailure.SystemPolicy) => (ApiError.NotFound, exception.RemoteMessage),
            var type when type == typeof(PolicyException).FullName => (ApiError.RuleSyntax, exception.RemoteMessage),
            var type when type == LibraryException.NameOf(isMissing: true) => (ApiError.NotFound, exception.RemoteMessage),
            var type when type == LibraryException.NameOf(isMissing: false) => (ApiError.Conflict, exception.RemoteMessage),
            var type when type == DatasourceException.NameOf(DatasourceFailure.NoDatasource) => (ApiError.NotFound, exception.RemoteMessage),
            var type when type == DatasourceException.NameOf(DatasourceFailure.NameInUse) => (ApiError.Conflict, exception.RemoteMessage),
            var type when type == DatasourceException.NameOf(DatasourceFailure.NoTable) => (ApiError.NotFoundThere, exception.RemoteMessage),
            var type when type == ActionException.NameOf(isUnknown: false) || type == ActionException.NameForNow => (ApiError.Execution, exception.RemoteMessage),
            var type when type == ActionException.NameOf(isUnknown: true) => (ApiError.Execution, $"not known whether it was done: {exception.RemoteMessage}"),
            var type when type.StartsWith($"{typeof(DatasourceException).FullName}.", StringComparison.Ordinal) => (ApiError.BadInput, exception.RemoteMessage),
            var type when type == CatalogException.NameOf(CatalogFailure.NoColumn) => (ApiError.BadInput, exception.RemoteMessage),
            var type when type == typeof(DecisionException).FullName => (ApiError.Conflict, exception.RemoteMessage),
            var type when type == typeof(AnswerTooLargeException).FullName => (ApiError.TooLarge, "what is asked for does not fit into a message of 4 MB; ask for it in parts"),
            var type when type == typeof(StoreException).FullName => (ApiError.Unavailable, exception.RemoteMessage),
            var type when type == typeof(Datasources.DriverException).FullName => (new ApiError(502, 502, "Bad Gateway"), exception.RemoteMessage),
            var type when type == typeof(OperationCanceledException).FullName || type == typeof(TaskCanceledException).FullName || type == typeof(ObjectDisposedException).FullName =>
                (ApiError.Unavailable, "the service stopped, or had not enough time"),
            _ => (ApiError.Internal, null),
        };
        return new(error, detail, inner: exception) { RetryAfter = error == ApiError.Unavailable ? TimeSpan.FromSeconds(1) : null };
    }
}
