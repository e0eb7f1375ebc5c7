using System.Text.Json;
using Congress.Bus.Protocol;

namespace Congress.Bus;

/// <summary>The methods that a service answers, by name.</summary>
public sealed class ServiceMethods
{
    private readonly Dictionary<string, Func<Payload, CallContext, CancellationToken, ValueTask<Payload>>> _methods = new(StringComparer.Ordinal);
    private readonly HashSet<string> _concurrent = new(StringComparer.Ordinal);

    /// <summary>The names.</summary>
    public IReadOnlyCollection<string> Names => _methods.Keys;

    /// <summary>Adds a method.</summary>
    /// <param name="method">Its name and types.</param>
    /// <param name="answer">Answers a call. What it throws reaches the caller as <see cref="RemoteErrorException"/>, with the type's name and the message.</param>
    /// <exception cref="ArgumentException">There is one of that name already.</exception>
    public void Add<TRequest, TResult>(ServiceMethod<TRequest, TResult> method, Func<TRequest, CallContext, CancellationToken, ValueTask<TResult>> answer)
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(answer);
        var isNew = _methods.TryAdd(method.Name, async (payload, context, cancellationToken) =>
        {
            TRequest request;
            try
            {
                request = payload.Read(method.Request);
            }
            catch (Exception exception) when (exception is JsonException or NotSupportedException)
            {
                throw new InvalidCallException($"method '{method.Name}' takes {typeof(TRequest).Name}: {exception.Message}", exception);
            }

            var result = await answer(request, context, cancellationToken).ConfigureAwait(false);
            try
            {
                return Payload.Of(result, method.Result);
            }
            catch (ArgumentException exception)
            {
                throw new AnswerTooLargeException($"the answer of method '{method.Name}' is {exception.Message}", exception);
            }
        });
        if (!isNew)
        {
            throw new ArgumentException($"there is a method '{method.Name}' already", nameof(method));
        }
    }

    /// <summary>Adds a method that is answered beside the service's loop, several calls at a time: one that takes long, or only reads. It may touch nothing but what
    /// several threads may.</summary>
    /// <inheritdoc cref="Add"/>
    public void AddConcurrent<TRequest, TResult>(ServiceMethod<TRequest, TResult> method, Func<TRequest, CallContext, CancellationToken, ValueTask<TResult>> answer)
    {
        Add(method, answer);
        _concurrent.Add(method.Name);
    }

    /// <summary>Whether a method is answered beside the loop.</summary>
    internal bool IsConcurrent(string method) => _concurrent.Contains(method);

    /// <summary>Answers a call.</summary>
    /// <exception cref="InvalidCallException">There is no such method, or it takes another argument.</exception>
    internal ValueTask<Payload> AnswerAsync(string method, Payload request, CallContext context, CancellationToken cancellationToken) =>
        _methods.TryGetValue(method, out var answer)
            ? answer(request, context, cancellationToken)
            : throw new InvalidCallException($"there is no method '{method}'; there is {(_methods.Count == 0 ? "none" : string.Join(", ", _methods.Keys))}");
}
