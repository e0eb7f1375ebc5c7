using System.Net;
using Congress.Data;

namespace Congress.Datasources.Drivers.Rest;

/// <summary>An action, as a request with placeholders.</summary>
/// <param name="Action">What it is to others.</param>
/// <param name="Method">The method.</param>
/// <param name="Target">Where to.</param>
/// <param name="Body">The body; null for none.</param>
/// <param name="Headers">Headers of its own.</param>
/// <param name="KeyHeader">The header that says the key of the call; null when the system knows none.</param>
internal sealed record RestAction(
    DriverAction Action, HttpMethod Method, RestTarget Target, JsonTemplate? Body, IReadOnlyDictionary<string, string> Headers, string? KeyHeader)
{
    /// <summary>The arguments of a call by name.</summary>
    /// <exception cref="DriverException">They do not fit.</exception>
    public Dictionary<string, Value> Bind(DriverCall call)
    {
        var parameters = Action.Parameters;
        if (call.Positional.Count > parameters.Count)
        {
            throw Wrong($"takes at most {parameters.Count.ToString(System.Globalization.CultureInfo.InvariantCulture)} arguments ({string.Join(", ", parameters.Select(p => p.Name))})");
        }

        var values = parameters.Zip(call.Positional).ToDictionary(pair => pair.First.Name, pair => pair.Second, StringComparer.Ordinal);
        foreach (var (name, value) in call.Named)
        {
            if (!parameters.Any(parameter => parameter.Name == name))
            {
                throw Wrong($"has no argument '{name}'; it has {(parameters.Count == 0 ? "none" : string.Join(", ", parameters.Select(p => p.Name)))}");
            }

            if (!values.TryAdd(name, value))
            {
                throw Wrong($"is given the argument '{name}' twice");
            }
        }

        return parameters.FirstOrDefault(parameter => parameter.IsRequired && !values.ContainsKey(parameter.Name)) is { } missing
            ? throw Wrong($"needs the argument '{missing.Name}'") : values;
    }

    /// <summary>Sends it.</summary>
    /// <exception cref="DriverException">Nothing was done.</exception>
    /// <exception cref="UnknownOutcomeException">Whether it was done is not known.</exception>
    public async Task RunAsync(DriverCall call, RestClient client, RestWords words, RestSessions sessions, CancellationToken cancellationToken)
    {
        var values = Bind(call);
        var answer = await sessions.RunAsync(
            session => client.SendAsync(RequestOf(call, values, session), cancellationToken), cancellationToken).ConfigureAwait(false);
        if ((int)answer.Status >= 500 && answer.Status != HttpStatusCode.ServiceUnavailable)
        {
            throw new UnknownOutcomeException(words.Status(answer));
        }

        if (!answer.IsSuccess)
        {
            throw words.Refused(answer);
        }
    }

    private RestRequest RequestOf(DriverCall call, Dictionary<string, Value> values, RestSession session)
    {
        IEnumerable<KeyValuePair<string, string>> key = KeyHeader is null ? [] : [new(KeyHeader, IsToken(call.Key) ? call.Key : Uri.EscapeDataString(call.Key))];
        try
        {
            return new(Method, Target.UrlOf(session, values))
            {
                Headers = [.. session.Headers, .. Headers, .. key],
                Body = Body?.Fill(values),
                IsAction = true,
            };
        }
        catch (Exception e) when (e is DriverException or UriFormatException or ArgumentException)
        {
            throw Wrong($"cannot be sent: {e.Message}");
        }
    }

    // What is none cannot stand in a header.
    private static bool IsToken(string key) => key.All(c => c is > ' ' and <= '~');

    private DriverException Wrong(string problem) => new($"action '{Action.Name}' {problem}");
}
