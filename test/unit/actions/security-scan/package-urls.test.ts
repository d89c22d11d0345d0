import { expect, it } from 'vitest';
import { purlOf, readPurl } from '../../../../shared/actions/security-scan/components/component.ts';

it.each([
  ['pkg:npm/%40x/y@1.0.0', 'npm', '@x/y', '1.0.0'],
  ['pkg:pypi/flask-login@0.5.0', 'PyPI', 'flask-login', '0.5.0'],
  ['pkg:golang/github.com/gin-gonic/gin@v1.6.0', 'Go', 'github.com/gin-gonic/gin', '1.6.0'],
  ['pkg:cargo/smallvec@1.6.0', 'crates.io', 'smallvec', '1.6.0'],
  ['pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1', 'Maven', 'org.apache.logging.log4j:log4j-core', '2.14.1'],
  ['pkg:nuget/Newtonsoft.Json@13.0.1', 'NuGet', 'Newtonsoft.Json', '13.0.1'],
  ['pkg:composer/monolog/monolog@1.0.0', 'Packagist', 'monolog/monolog', '1.0.0'],
  ['pkg:gem/rails@7.0.0', 'RubyGems', 'rails', '7.0.0'],
  ['pkg:hex/plug@1.14.0', 'Hex', 'plug', '1.14.0'],
  ['pkg:pub/http@0.13.0', 'Pub', 'http', '0.13.0'],
  ['pkg:swift/github.com/vapor/vapor@4.0.0', 'SwiftURL', 'github.com/vapor/vapor', '4.0.0'],
  ['pkg:conan/openssl@3.0.3', 'ConanCenter', 'openssl', '3.0.3'],
  ['pkg:cran/A3@1.0.0', 'CRAN', 'A3', '1.0.0'],
  ['pkg:hackage/aeson@2.0.0', 'Hackage', 'aeson', '2.0.0'],
  ['pkg:julia/HTTP@1.0.0', 'Julia', 'HTTP', '1.0.0'],
  ['pkg:bitnami/wordpress@6.2.0', 'Bitnami', 'wordpress', '6.2.0'],
] as const)('reads and writes the package URL %s', (purl, ecosystem, name, version) => {
  expect(readPurl(purl)).toEqual({ ecosystem, name, version });
  expect(purlOf({ ecosystem, name, version, foundIn: '' })).toBe(purl);
});

it('writes no package URL for what fits none', () => {
  const fitting = { ecosystem: 'Go', name: 'github.com/x/y', version: '1.0.0', foundIn: '' } as const;
  expect(purlOf({ ...fitting, version: '1' })).toBeUndefined();
  expect(purlOf({ ...fitting, name: '' })).toBeUndefined();
  expect(purlOf({ ...fitting, ecosystem: undefined })).toBeUndefined();
});
