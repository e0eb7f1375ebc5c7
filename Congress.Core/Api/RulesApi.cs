using System.Text.Json;
using Congress.Policies.Catalog;
using Congress.Policies.Serving;

namespace Congress.Api;

/// <summary>Rules of a policy: <c>/v1/policies/POLICY/rules</c>.</summary>
/// <param name="calls">Calls the engines.</param>
public sealed class RulesApi(ApiCalls calls)
{
    private const int Attempts = 5;   // to read all parts of one version

    /// <summary>Lists the rules, in the order in which they came.</summary>
    /// <exception cref="ApiException">There is no such policy.</exception>
    public async Task<Listing<RuleResource>> ListAsync(string policy, long minVersion = 0, CancellationToken cancellationToken = default)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var rules = new List<RuleResource>();
            var first = await ReadAsync(policy, minVersion, null, 0, cancellationToken).ConfigureAwait(false);
            for (var part = first; part.Version == first.Version;)
            {
                rules.AddRange(part.Rules.Select(RuleResource.Of));
                if (part.IsAll)
                {
                    return new(rules) { PolicyVersion = first.Version };
                }

                part = await ReadAsync(policy, first.Version, null, rules.Count, cancellationToken).ConfigureAwait(false);
            }
        }

        throw new ApiException(ApiError.Unavailable, $"the rules of policy {policy} are too many for one message, and change faster than they can be read") { RetryAfter = TimeSpan.FromSeconds(1) };
    }

    /// <summary>Finds a rule.</summary>
    /// <exception cref="ApiException">There is no such policy, or it has no such rule.</exception>
    public async Task<RuleResource> GetAsync(string policy, string id, long minVersion = 0, CancellationToken cancellationToken = default)
    {
        var answer = await ReadAsync(policy, minVersion, id, 0, cancellationToken).ConfigureAwait(false);
        return answer.Rules is [var rule] ? RuleResource.Of(rule) with { PolicyVersion = answer.Version } : throw new ApiException(ApiError.NotFound, "Not found");
    }

    /// <summary>Inserts a rule.</summary>
    /// <param name="policy">The policy, by name or identity.</param>
    /// <param name="body">The rule.</param>
    /// <param name="requestId">What the request is known by: one that comes again is answered as before.</param>
    /// <param name="cancellationToken">The caller has gone.</param>
    /// <exception cref="ApiException">It is wrong, does not go with the others, or is there already.</exception>
    public async Task<RuleResource> InsertAsync(string policy, ApiBody body, string requestId, CancellationToken cancellationToken = default)
    {
        body.Object();
        var rule = new RuleRecord(Guid.NewGuid().ToString(), policy, body.RequiredText("rule"), body.Text("name", 255), body.Text("comment", 255) ?? "");
        try
        {
            var answer = await calls.AskEngineAsync(EngineMethods.InsertRule, new(requestId, rule), requestId, cancellationToken).ConfigureAwait(false);
            return RuleResource.Of(answer.Rules[0]) with { Rule = RuleText.Layout(answer.Rules[0].Text), PolicyVersion = answer.Version };
        }
        catch (ApiException exception) when (exception.Error == ApiError.NoPolicy)
        {
            throw await NoPolicyAsync(policy, exception, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Deletes a rule.</summary>
    /// <returns>What it was.</returns>
    /// <exception cref="ApiException">There is no such policy, or it has no such rule.</exception>
    public async Task<RuleResource> DeleteAsync(string policy, string id, string requestId, CancellationToken cancellationToken = default)
    {
        try
        {
            var answer = await calls.AskEngineAsync(EngineMethods.DeleteRule, new(requestId, policy, id), requestId, cancellationToken).ConfigureAwait(false);
            return answer.Rules is [var rule] ? RuleResource.Of(rule) with { PolicyVersion = answer.Version } : throw new ApiException(ApiError.NotFound, "Not found");
        }
        catch (ApiException exception) when (exception.Error == ApiError.NoPolicy)
        {
            throw await NoPolicyAsync(policy, exception, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<CatalogAnswer> ReadAsync(string policy, long minVersion, string? rule, int offset, CancellationToken cancellationToken)
    {
        var answer = await calls.AskEngineAsync(EngineMethods.ReadCatalog, new(policy, WithRules: true, minVersion, rule, offset), null, cancellationToken).ConfigureAwait(false);
        return answer.Policies.Count == 1 ? answer : throw await NoPolicyAsync(policy, null, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A datasource is a policy that has no rules; any other name is none.</summary>
    private async Task<ApiException> NoPolicyAsync(string policy, Exception? inner, CancellationToken cancellationToken)
    {
        var tables = await calls.AskEngineAsync(EngineMethods.Tables, new(policy), null, cancellationToken).ConfigureAwait(false);
        return tables.Tables is null ? new(ApiError.NoPolicy, $"Policy ID {policy} does not exist", inner: inner) : new(ApiError.RulesNotPermitted, inner: inner);
    }
}
