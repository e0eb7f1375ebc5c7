using Congress.Api;
using static Congress.Api.ApiJson;

namespace Congress.Cli.Server.Http;

/// <summary>The rules of a policy.</summary>
internal static class RuleRoutes
{
    public static IEnumerable<Resource> Of(Apis api)
    {
        yield return new("/v1/policies/{policy}/rules")
        {
            Get = new("Lists the rules of a policy.", Role.Reader, async c => await c.AnswerAsync(await api.Rules.ListAsync(c.Path("policy"), c.MinVersion, c.Gone), Default.ListingRuleResource)),
            Post = new("Inserts a rule.", Role.Author, async c =>
            {
                var rule = await api.Rules.InsertAsync(c.Path("policy"), await c.ReadBodyAsync(), c.RequestId, c.Gone);
                await c.CreatedAsync(rule, Default.RuleResource, $"/v1/policies/{c.Path("policy")}/rules/{rule.Id}");
            }),
        };
        yield return new("/v1/policies/{policy}/rules/{rule}", IsElement: true)
        {
            Get = new("Shows a rule.", Role.Reader, async c => await c.AnswerAsync(await api.Rules.GetAsync(c.Path("policy"), c.Path("rule"), c.MinVersion, c.Gone), Default.RuleResource)),
            Delete = new("Deletes a rule.", Role.Author,
                async c => await c.AnswerAsync(await api.Rules.DeleteAsync(c.Path("policy"), c.Path("rule"), c.RequestId, c.Gone), Default.RuleResource)),
        };
        yield return new("/v1/policies/{policy}/rules/{rule}/status", IsElement: true)
        {
            Get = new("Tells how a rule is.", Role.Reader,
                async c => await c.AnswerAsync(await api.Status.RuleAsync(c.Path("policy"), c.Path("rule"), c.Gone), Default.RuleStatusResource)),
        };
    }
}
