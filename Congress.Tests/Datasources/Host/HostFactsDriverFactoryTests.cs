using System.Text.Json;
using Congress.Datasources.Drivers.Host;

namespace Congress.Tests.Datasources.Host;

public sealed class HostFactsDriverFactoryTests
{
    [Fact]
    public async Task It_reads_what_it_is_told_to()
    {
        var root = Directory.CreateTempSubdirectory("host-").FullName;
        try
        {
            Directory.CreateDirectory(Path.Join(root, "proc/sys/kernel"));
            Directory.CreateDirectory(Path.Join(root, "srv"));
            await File.WriteAllTextAsync(Path.Join(root, "proc/sys/kernel/sysrq"), "1\n");
            await File.WriteAllTextAsync(Path.Join(root, "srv/a"), "");
            await File.WriteAllTextAsync(Path.Join(root, "srv/b"), "");
            var driver = Configured.Make<HostFactsDriver>(
                new HostFactsDriverFactory(),
                $$"""{"root": "{{JsonEncodedText.Encode(root)}}", "folder": "{{JsonEncodedText.Encode(Path.Join(root, "srv"))}}", "max_files": "1", "max_file_bytes": 4096, "kernel_settings": ["kernel.sysrq"]}""");
            var tables = await driver.ReadAsync();
            Assert.Equal("(\"kernel.sysrq\", 1)", Configured.Rows(tables, "kernel_settings"));
            Assert.Single(tables["files"]);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    [Theory]
    [InlineData("""{"root": "/srv", "folder": "/etc"}""", "datasource 'source': The folder /etc is not below the root /srv.")]
    [InlineData("""{"max_files": 0}""", "option 'max_files' of datasource 'source' is 0; expected a number from 1 to 2147483647")]
    [InlineData("""{"kernel_settings": "[1]"}""", "option 'kernel_settings' of datasource 'source' is [1]; expected a list of texts")]
    public void A_configuration_that_makes_no_sense_is_refused(string options, string message) =>
        Assert.StartsWith(message, Configured.Refusal(() => new HostFactsDriverFactory().Create(Configured.Settings(options))), StringComparison.Ordinal);
}
