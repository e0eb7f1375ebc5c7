using System.Collections.ObjectModel;
using System.Text.Json;
using Congress.Data;
using Congress.Datasources.Translation;

namespace Congress.Datasources.Drivers.Rest;

/// <summary>What requests have in common from one login to the next.</summary>
/// <param name="Headers">Says who asks.</param>
/// <param name="Endpoints">The URLs that the login's answer has, by the names of the configuration.</param>
/// <param name="Token">The token; null when there was no login.</param>
internal sealed record RestSession(IReadOnlyDictionary<string, string> Headers, IReadOnlyDictionary<string, Uri> Endpoints, string? Token = null);

/// <summary>How to log in: a request whose answer has a token.</summary>
/// <param name="Url">Where to.</param>
/// <param name="Body">The body.</param>
/// <param name="Headers">Its headers.</param>
/// <param name="TokenHeader">The header of the answer that has the token; null when the body has it.</param>
/// <param name="TokenPath">Leads to the token.</param>
/// <param name="SendHeader">The header that requests say the token in.</param>
/// <param name="SendPrefix">What stands before it.</param>
/// <param name="Endpoints">Lead to URLs.</param>
internal sealed record RestLogin(
    Uri Url, JsonTemplate? Body, IReadOnlyDictionary<string, string> Headers, string? TokenHeader, JsonPath? TokenPath,
    string SendHeader, string SendPrefix, IReadOnlyDictionary<string, JsonPath> Endpoints);

/// <summary>Keeps one session, and replaces it when the system does not know it any more.</summary>
/// <param name="client">Sends the login.</param>
/// <param name="words">Says what fails.</param>
/// <param name="secrets">Learns the token.</param>
/// <param name="login">How to log in; null when the fixed headers are all there is.</param>
/// <param name="fixedHeaders">The headers of all requests.</param>
/// <param name="values">Fills the placeholders of the login.</param>
internal sealed class RestSessions(
    RestClient client, RestWords words, Secrets secrets, RestLogin? login, IReadOnlyDictionary<string, string> fixedHeaders, IReadOnlyDictionary<string, Value> values)
    : IDisposable
{
    private const int MaxAnswer = 4 * 1024 * 1024;

    private readonly SemaphoreSlim _gate = new(1);
    private RestSession? _session = login is null ? new(fixedHeaders, ReadOnlyDictionary<string, Uri>.Empty) : null;

    /// <summary>Does something within a session, and once more in a new one when it answers that nobody is logged in.</summary>
    /// <exception cref="DriverException">Logging in failed, before anything was done.</exception>
    public async Task<RestAnswer> RunAsync(Func<RestSession, Task<RestAnswer>> send, CancellationToken cancellationToken)
    {
        var session = await AfterAsync(null, cancellationToken).ConfigureAwait(false);
        var answer = await send(session).ConfigureAwait(false);
        if (answer.Status != System.Net.HttpStatusCode.Unauthorized || login is null)
        {
            return answer;
        }

        return await send(await AfterAsync(session, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
    }

    /// <summary>The session that there is, when it is another one than that which is over, else a new one.</summary>
    public async Task<RestSession> AfterAsync(RestSession? over, CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _session) is { } current && !ReferenceEquals(current, over))
        {
            return current;
        }

        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_session is null || ReferenceEquals(_session, over))
            {
                var next = await LogInAsync(login!, cancellationToken).ConfigureAwait(false);
                if (_session?.Token is { } old && old != next.Token)
                {
                    secrets.Remove(old);
                }

                Volatile.Write(ref _session, next);
            }

            return _session;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private async Task<RestSession> LogInAsync(RestLogin how, CancellationToken cancellationToken)
    {
        var request = new RestRequest(HttpMethod.Post, how.Url) { Headers = how.Headers, Body = how.Body?.Fill(values), MaxBytes = MaxAnswer };
        RestAnswer answer;
        try
        {
            answer = await client.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (UnknownOutcomeException e)
        {
            throw new DriverException($"cannot log in: {e.Message}", e.InnerException);
        }

        if (!answer.IsSuccess)
        {
            var refused = words.Refused(answer);
            throw new DriverException($"cannot log in: {refused.Message}") { RetryAfter = refused.RetryAfter };
        }

        using var body = how.TokenPath is null && how.Endpoints.Count == 0 ? null : JsonOf(answer);
        var token = TokenOf(how, answer, body?.RootElement);
        secrets.Add(token);
        return new(
            new Dictionary<string, string>(fixedHeaders, StringComparer.OrdinalIgnoreCase) { [how.SendHeader] = how.SendPrefix + token },
            EndpointsOf(how, body?.RootElement),
            token);
    }

    private JsonDocument JsonOf(RestAnswer answer)
    {
        try
        {
            return words.Json(answer, isSecret: true);
        }
        catch (DriverException e)
        {
            throw new DriverException($"cannot log in: {e.Message}", e.InnerException);
        }
    }

    private string TokenOf(RestLogin how, RestAnswer answer, JsonElement? body)
    {
        var token = how.TokenPath is { } path ? JsonCell.Text(path.First(body!.Value)) ?? throw Without(answer.Request, $"no text at {path}")
            : answer.Headers.TryGetValues(how.TokenHeader!, out var found) && found.First() is { Length: > 0 } said ? said
            : throw Without(answer.Request, $"no header {how.TokenHeader}");
        return token.All(c => c is >= ' ' and <= '~') ? token : throw Without(answer.Request, "a token that no header takes");
    }

    // One that the answer does not have is missed by those who need it, and by nobody else.
    private static Dictionary<string, Uri> EndpointsOf(RestLogin how, JsonElement? answer)
    {
        var endpoints = new Dictionary<string, Uri>(StringComparer.Ordinal);
        foreach (var (name, path) in how.Endpoints)
        {
            if (JsonCell.Text(path.First(answer!.Value)) is { } text && RestUrl.Base(text) is { } url)
            {
                endpoints.Add(name, url);
            }
        }

        return endpoints;
    }

    private DriverException Without(RestRequest request, string what) => new($"cannot log in: {words.Of(request, $"the answer has {what}")}");
}
