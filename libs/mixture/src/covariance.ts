import { ArchgenError } from "@archgen/errors";
import { CholeskyDecomposition, EigenvalueDecomposition, Matrix } from "ml-matrix";

/**
 * The covariance nearest to an estimate S among those without an eigenvalue below `floor`: same eigenvectors, eigenvalues
 * max(λ, floor).
 *
 * That is the maximiser of −ln|Σ| − tr(Σ⁻¹S) under Σ ⪰ floor·I, so EM with this floor is EM of a constrained model and
 * still never loses likelihood; adding floor·I to every estimate, as is often done, has no such guarantee.
 *
 * @param estimate S, [d, d], symmetric
 */
export function floorCovariance(estimate: Matrix, floor: number): Matrix {
	const excess = Matrix.sub(estimate, Matrix.eye(estimate.rows).mul(floor));
	if (new CholeskyDecomposition(excess).isPositiveDefinite()) return estimate;
	const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(estimate, {
		assumeSymmetric: true,
	});
	const eigenvalues = realEigenvalues.map((value) => Math.max(value, floor));
	const floored = eigenvectorMatrix.mmul(Matrix.diag(eigenvalues)).mmul(eigenvectorMatrix.transpose());
	return Matrix.add(floored, floored.transpose()).mul(0.5);
}

/**
 * Lower triangular L with Σ = L Lᵀ.
 *
 * @param component index for the message
 * @throws ArchgenError COVARIANCE_NOT_POSITIVE_DEFINITE
 */
export function choleskyFactor(covariance: readonly (readonly number[])[], component: number): Matrix {
	const cholesky = new CholeskyDecomposition(covariance as number[][]);
	if (!cholesky.isPositiveDefinite()) {
		throw new ArchgenError({
			category: "FAILED_PRECONDITION",
			reason: "COVARIANCE_NOT_POSITIVE_DEFINITE",
			message: `The covariance of component ${component} is not positive definite; fit again with a larger covarianceFloor or on standardised samples.`,
			metadata: { component: String(component) },
		});
	}
	return cholesky.lowerTriangularMatrix;
}
