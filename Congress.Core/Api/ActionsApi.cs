using System.Text.Json;
using Congress.Data;
using Congress.Policies.Enforcement;

namespace Congress.Api;

/// <summary>Actions: those that rules ask for, <c>/v1/actions</c>, and those that people do, <c>POST ...?action=execute</c>.</summary>
/// <param name="calls">Calls who carries out actions.</param>
public sealed class ActionsApi(ApiCalls calls)
{
    /// <summary>Lists occurrences, newest first.</summary>
    /// <param name="state">Only those in this state, by name; null for all.</param>
    /// <param name="limit">The most to give, at most 10,000.</param>
    /// <param name="cancellationToken">The caller has gone.</param>
    /// <exception cref="ApiException">There is no such state.</exception>
    public async Task<Listing<Occurrence>> ListAsync(string? state, int limit, CancellationToken cancellationToken = default)
    {
        OccurrenceState? only = state is null ? null : Enum.TryParse<OccurrenceState>(state, ignoreCase: true, out var parsed) && !char.IsAsciiDigit(state[0]) ? parsed
            : throw new ApiException(ApiError.BadRequest, $"'state' is '{state}'; expected one of {string.Join(", ", Enum.GetNames<OccurrenceState>()).ToLowerInvariant()}");
        return new(await calls.QuestionAsync(EnforcementMethods.Service, EnforcementMethods.List, new(only, limit), cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Finds an occurrence, one that is over too.</summary>
    /// <exception cref="ApiException">There is none.</exception>
    public async Task<Occurrence> GetAsync(string id, CancellationToken cancellationToken = default) =>
        await calls.QuestionAsync(EnforcementMethods.Service, EnforcementMethods.List, new(null, 1, id), cancellationToken).ConfigureAwait(false) is [var found] ? found
        : throw new ApiException(ApiError.NotFound, $"there is no action {id}");

    /// <summary>Approves or rejects an occurrence that waits.</summary>
    /// <param name="id">The occurrence.</param>
    /// <param name="isApproved">Whether it is to be carried out; else it never is.</param>
    /// <param name="by">Who decides.</param>
    /// <param name="cancellationToken">The caller has gone.</param>
    /// <returns>What it is then.</returns>
    /// <exception cref="ApiException">Nothing waits, or the rows under it have changed.</exception>
    public Task<Occurrence> DecideAsync(string id, bool isApproved, string by, CancellationToken cancellationToken = default) =>
        calls.AskAsync(EnforcementMethods.Service, EnforcementMethods.Decide, new(id, isApproved, by), cancellationToken: cancellationToken);

    /// <summary>Has a datasource act that the action's name begins with.</summary>
    /// <param name="body"><c>name</c> (<c>service:action</c>) and <c>args</c>.</param>
    /// <param name="requestId">What the request is known by: the target that honours keys does it once.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="cancellationToken">The caller has gone.</param>
    /// <exception cref="ApiException">It is formed wrongly, there is no such datasource or action, or it failed.</exception>
    public Task ExecuteAsync(ApiBody body, string requestId, string by, CancellationToken cancellationToken = default)
    {
        var name = body.Object().Find("name") is { ValueKind: JsonValueKind.String } text ? text.GetString()! : "";
        var colon = name.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && name.IndexOf(':', colon + 1) < 0
            ? ExecuteAsync(name[..colon], name[(colon + 1)..], body, requestId, by, cancellationToken)
            : throw new ApiException(ApiError.ActionSyntax);
    }

    /// <summary>Has a datasource act.</summary>
    /// <param name="datasource">The datasource, by name.</param>
    /// <param name="body"><c>name</c> (the action) and <c>args</c>.</param>
    /// <param name="requestId">What the request is known by.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="cancellationToken">The caller has gone.</param>
    /// <exception cref="ApiException">It is formed wrongly, there is no such datasource or action, or it failed.</exception>
    public Task ExecuteAsync(string datasource, ApiBody body, string requestId, string by, CancellationToken cancellationToken = default) =>
        ExecuteAsync(datasource, body.Object().Find("name") is { ValueKind: not JsonValueKind.Null } name ? name.ToString() : "", body, requestId, by, cancellationToken);

    private Task<Occurrence> ExecuteAsync(string datasource, string action, ApiBody body, string requestId, string by, CancellationToken cancellationToken)
    {
        var (positional, named) = ArgumentsOf(body);
        return action.Length == 0 ? throw new ApiException(ApiError.Execution, "Action not found")
            : datasource.Length == 0 || datasource[0] == '_' ? throw new ApiException(ApiError.Execution, $"Service {datasource} not found")
            : calls.AskAsync(EnforcementMethods.Service, EnforcementMethods.Execute, new(datasource, action, positional, named, requestId, by), cancellationToken: cancellationToken);
    }

    private static (IReadOnlyList<Value> Positional, IReadOnlyDictionary<string, Value> Named) ArgumentsOf(ApiBody body)
    {
        if (body.Find("args") is not { } args)
        {
            return ([], new Dictionary<string, Value>(StringComparer.Ordinal));
        }

        if (args.ValueKind != JsonValueKind.Object
            || (args.TryGetProperty("positional", out var positional) && positional.ValueKind != JsonValueKind.Array)
            || (args.TryGetProperty("named", out var named) && named.ValueKind != JsonValueKind.Object))
        {
            throw new ApiException(ApiError.ArgumentSyntax);
        }

        return (
            args.TryGetProperty("positional", out positional) ? [.. positional.EnumerateArray().Select((a, i) => ApiBody.ValueOf(a, $"positional[{i}]"))] : [],
            args.TryGetProperty("named", out named)
                ? ApiBody.MembersOf(named).ToDictionary(a => a.Name, a => ApiBody.ValueOf(a.Value, a.Name), StringComparer.Ordinal)
                : new Dictionary<string, Value>(StringComparer.Ordinal));
    }
}
