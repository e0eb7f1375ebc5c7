using Congress.Policies.Serving;

namespace Congress.Api;

/// <summary>How policies and rules are, and the violations that there are.</summary>
/// <param name="calls">Calls the engines.</param>
public sealed class StatusApi(ApiCalls calls)
{
    /// <summary>How a policy is.</summary>
    /// <exception cref="ApiException">There is no such policy.</exception>
    public async Task<PolicyStatusResource> PolicyAsync(string policy, CancellationToken cancellationToken = default)
    {
        var answer = await calls.AskEngineAsync(EngineMethods.ReadCatalog, new(policy), null, cancellationToken).ConfigureAwait(false);
        return answer.Policies is [var found] ? new(found.Name, found.Id) { PolicyVersion = answer.Version }
            : throw new ApiException(ApiError.NotFound, $"policy {policy} name or id {policy} doesn't exist");
    }

    /// <summary>How a rule is.</summary>
    /// <exception cref="ApiException">There is no such policy or rule.</exception>
    public async Task<RuleStatusResource> RuleAsync(string policy, string id, CancellationToken cancellationToken = default)
    {
        var answer = await calls.AskEngineAsync(EngineMethods.ReadCatalog, new(policy, WithRules: true, Rule: id), null, cancellationToken).ConfigureAwait(false);
        return answer.Rules is [var rule] ? new(rule.Name ?? "", rule.Id, rule.Comment, rule.Text) { PolicyVersion = answer.Version }
            : throw new ApiException(ApiError.NotFound, $"rule_id {id}  is not found.");
    }

    /// <summary>The violations: rows of <c>error</c> and <c>warning</c> of all policies, or of one.</summary>
    /// <param name="policy">The policy; null for all.</param>
    /// <param name="limit">The most to give, at most 10,000.</param>
    /// <param name="cancellationToken">The caller has gone.</param>
    public async Task<ViolationsAnswer> ViolationsAsync(string? policy, long limit, CancellationToken cancellationToken = default) =>
        await calls.AskEngineAsync(EngineMethods.Violations, new(policy, limit), null, cancellationToken).ConfigureAwait(false);

    /// <summary>How the engine that answers is.</summary>
    public Task<EngineStatus> EngineAsync(CancellationToken cancellationToken = default) =>
        calls.AskEngineAsync(EngineMethods.Status, true, null, cancellationToken);
}
